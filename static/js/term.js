// A link to a glossary term opens its card instead: by pointing, by reaching it with the keyboard, by pressing, by touch.
const card = document.getElementById("term-card");
const known = new Map();
let [current, kept, timer] = [null, false, 0];

const later = (action, delay) => (clearTimeout(timer), (timer = setTimeout(action, delay)));
const termOf = (target) => (target instanceof Element ? target.closest("a.term[data-term]") : null);

async function fill(term, body) {
  const ids = term.dataset.term;
  if (!known.has(ids)) {
    body.replaceChildren(card.querySelector("template").content.cloneNode(true));
    const answer = await fetch(card.dataset.card.replace("/0/", `/${ids}/`)).catch(() => null);
    if (answer?.ok) known.set(ids, await answer.text());
  }
  if (current !== term) return;
  if (known.has(ids)) body.innerHTML = known.get(ids);
  else if (kept) location.href = term.href;
  else close();
}

function open(term, keep) {
  clearTimeout(timer);
  kept = keep;
  if (current === term) return;
  close();
  current = term;
  term.ariaHasPopup = "dialog";
  term.ariaExpanded = "true";
  card.showPopover({ source: term });
  fill(term, card.querySelector(".term-card-body"));
}

function close() {
  if (card?.matches(":popover-open")) card.hidePopover();
}

document.addEventListener("click", (event) => {
  const term = termOf(event.target);
  if (!term || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  open(term, true);
});
document.addEventListener("pointerover", (event) => {
  const term = termOf(event.target);
  if (event.pointerType !== "mouse") return;
  if (term) later(() => open(term, kept && current === term), 300);
  else if (card?.contains(event.target)) clearTimeout(timer);
  else later(() => kept || close(), 250);
});
document.addEventListener("focusin", (event) => {
  const term = termOf(event.target);
  if (term?.matches(":focus-visible")) later(() => open(term, false), 300);
});
card?.addEventListener("beforetoggle", (event) => {
  if (event.newState === "open" || !current) return;
  current.ariaExpanded = "false";
  current = null;
});
