// The editor: the toolbar's own insertions, the view it shows, and a warning when a draft could not be kept.
import "@github/markdown-toolbar-element";
import { subscribe } from "@github/paste-markdown";

const editor = document.getElementById("editor");
const text = document.getElementById("id_body");
const failed = document.getElementById("not-kept");

subscribe(text);

function insert(snippet) {
  text.focus();
  // execCommand keeps the browser's own undo, which setting `value` would throw away.
  if (!document.execCommand("insertText", false, snippet)) {
    text.setRangeText(snippet, text.selectionStart, text.selectionEnd, "end");
  }
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

for (const button of document.querySelectorAll("[data-insert]")) {
  button.addEventListener("click", () => insert(button.dataset.insert));
}

const modes = [...document.querySelectorAll("[data-mode]")];

function show(mode) {
  for (const name of ["write", "split", "read"]) {
    editor.classList.toggle(`is-${name}`, name === mode);
  }
  for (const radio of modes) {
    radio.checked = radio.value === mode;
  }
}

for (const radio of modes) {
  radio.addEventListener("change", () => show(radio.value));
}
show(window.matchMedia("(width < 768px)").matches ? "write" : "split");

document.getElementById("kept").addEventListener("htmx:afterRequest", (sent) => {
  failed.hidden = sent.detail.successful;
});
