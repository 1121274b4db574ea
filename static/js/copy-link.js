// A button with data-copy (a text) or data-copy-from (a selector) copies it and says so for a moment.
import { say } from "kotohashi/messages";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-from]");
  if (!button) return;
  event.preventDefault();
  const source = button.dataset.copyFrom && document.querySelector(button.dataset.copyFrom);
  const text = source ? (source.value ?? source.textContent) : button.dataset.copy || location.href;
  try {
    await navigator.clipboard.writeText(text);
    say(button.dataset.copied ?? "✓");
  } catch {
    // Without the clipboard (an address that is not https) the text is shown to be copied by hand.
    window.prompt(button.textContent.trim(), text);
  }
});
