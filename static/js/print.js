// A button with data-print prints the page.
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-print]")) return;
  event.target.closest("[popover]")?.hidePopover();
  window.print();
});
