// What only one choice needs is hidden until it is made: data-shown-when="name=value" on a part of the same form.
const parts = document.querySelectorAll("[data-shown-when]");

function show() {
  for (const part of parts) {
    const [name, value] = part.dataset.shownWhen.split("=");
    part.hidden = new FormData(part.closest("form")).get(name) !== value;
  }
}

if (parts.length) {
  document.addEventListener("change", show);
  show();
}
