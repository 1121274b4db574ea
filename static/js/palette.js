// Ctrl-K or ⌘K anywhere opens the search with suggestions; "/" goes to the page's own field, or opens it.
import { suggestUnder } from "kotohashi/suggestions";

const dialog = document.getElementById("palette");
const field = dialog?.querySelector("input");
const address = dialog?.dataset.suggest;
let suggestions = null;

function open() {
  if (!dialog.open) dialog.showModal();
  field.select();
  suggestions.ask();
}

// The page's own search fields get the same list, under the field.
function extend(form) {
  const input = form.querySelector("input");
  const list = Object.assign(document.createElement("ul"), { id: `${form.id || "search"}-list`, className: "palette-list searchbox-list" });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", dialog.querySelector("[role='listbox']").ariaLabel);
  const status = Object.assign(document.createElement("p"), { className: "visually-hidden", role: "status" });
  form.append(list, status);
  const own = suggestUnder(input, list, status, address);
  form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || own.close());
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && list.firstElementChild) {
      event.preventDefault();
      own.close();
    }
  });
}

if (dialog) {
  suggestions = suggestUnder(field, dialog.querySelector("[role='listbox']"), dialog.querySelector("[role='status']"), address);
  // By itself a search field would only empty itself.
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    dialog.close();
  });
  const search = field.form.getAttribute("action");
  for (const form of document.querySelectorAll(".searchbox")) {
    if (form.getAttribute("action") === search) extend(form);
  }
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
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
