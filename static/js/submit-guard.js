// A form marked data-guard is sent once; its button waits and says so. A page taken from the back cache is free again.
const waiting = "aria-busy";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("[data-guard]")) return;
  if (form.hasAttribute(waiting)) {
    event.preventDefault();
    return;
  }
  form.setAttribute(waiting, "true");
  event.submitter?.setAttribute(waiting, "true");
});

window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const element of document.querySelectorAll(`form[${waiting}], .btn[${waiting}]`)) element.removeAttribute(waiting);
});
