// Ctrl-K or ⌘K anywhere opens the search with suggestions; "/" goes to the page's own field, or opens it.
import Combobox from "@github/combobox-nav";

const dialog = document.getElementById("palette");
const field = dialog?.querySelector("input");
const list = dialog?.querySelector("[role='listbox']");
const combobox = dialog && new Combobox(field, list, { tabInsertsSuggestions: false });
let timer = 0;
let asked = "";

async function suggest() {
  const words = field.value.trim();
  asked = words;
  if (!words) return show("");
  const answer = await fetch(`${dialog.dataset.suggest}?q=${encodeURIComponent(words)}`, { headers: { "HX-Request": "true" } });
  // A slow answer to earlier words must not replace the later one.
  if (answer.ok && asked === words) show(await answer.text());
}

function show(html) {
  combobox.stop();
  const found = new DOMParser().parseFromString(html, "text/html");
  list.replaceChildren(...(found.querySelector("[role='listbox']") ?? found.body).childNodes);
  if (list.querySelector("[role='option']")) combobox.start();
  else list.replaceChildren();
}

function open() {
  if (!dialog.open) dialog.showModal();
  field.select();
}

if (dialog) {
  field.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(suggest, 120);
  });
  field.addEventListener("compositionend", () => { timer = setTimeout(suggest, 120); });
  // Enter that ends a conversion is not a search.
  field.addEventListener("keydown", (event) => event.isComposing && event.stopImmediatePropagation(), true);
  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    } else if (event.key === "/" && !event.target.closest("input, textarea, select, [contenteditable]")) {
      event.preventDefault();
      const own = document.querySelector(".searchbox input");
      if (own?.checkVisibility()) own.focus();
      else open();
    }
  });
}
