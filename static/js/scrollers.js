// What scrolls sideways (code, wide tables) can be reached with the keyboard.
function mark() {
  for (const box of document.querySelectorAll(".prose :is(pre, table, .table-scroll), .card-table, .card-scroll, .trend-scroll, .method-scroll")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}

// Of tabs that do not all fit, the current one is in sight.
for (const current of document.querySelectorAll(".tabs > [aria-current]")) {
  const [tabs, here] = [current.parentElement, current.getBoundingClientRect()];
  tabs.scrollLeft += here.left + here.width / 2 - tabs.getBoundingClientRect().left - tabs.clientWidth / 2;
}

mark();
window.addEventListener("resize", mark);
document.addEventListener("htmx:afterSettle", mark);
