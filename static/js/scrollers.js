// What scrolls sideways in a text (code, wide tables) can be reached with the keyboard.
function mark() {
  for (const box of document.querySelectorAll(".prose :is(pre, table, .table-scroll), .card-table, .card-scroll, .trend-scroll, .method-scroll")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}

mark();
window.addEventListener("resize", mark);
document.addEventListener("htmx:afterSettle", mark);
