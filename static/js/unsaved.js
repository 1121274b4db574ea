// A form marked data-unsaved asks before one leaves it with something typed and not sent.
const changed = new WeakSet();

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-unsaved]")) changed.add(form);
});
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) changed.delete(event.target);
});
document.addEventListener("kotohashi:saved", (event) => changed.delete(event.target));
window.addEventListener("beforeunload", (event) => {
  for (const form of document.querySelectorAll("[data-unsaved]")) if (changed.has(form)) event.preventDefault();
});
