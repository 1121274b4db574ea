// The eye beside a password shows it: <button data-shows="ID" aria-pressed="false">.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-shows]");
  const field = button && document.getElementById(button.dataset.shows);
  if (!field) return;
  const shown = field.type === "text";
  field.type = shown ? "password" : "text";
  button.setAttribute("aria-pressed", String(!shown));
});
