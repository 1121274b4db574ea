// Shows the colours chosen at once: any control named "theme", or a button with data-theme-choice; saving is the form's.
const root = document.documentElement;

document.addEventListener("change", (event) => {
  if (event.target.name === "theme") root.dataset.theme = event.target.value;
});
document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-theme-choice]");
  if (!choice) return;
  event.preventDefault();
  root.dataset.theme = choice.dataset.themeChoice;
  for (const other of choice.parentElement.children) other.removeAttribute("aria-current");
  choice.setAttribute("aria-current", "true");
});
