// A word of the glossary opens its card: by pointing at it, by reaching it with the keyboard, by pressing or touching it.
// It is a link to the term's page, so it works without any of this.
const card = document.getElementById("term-card");
const body = card?.querySelector(".term-card-body");
const known = new Map();
let current = null;
let kept = false;
let timer = 0;

const termOf = (target) => (target instanceof Element ? target.closest("a.term[data-term]") : null);

async function load(term) {
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
  term.setAttribute("aria-haspopup", "dialog");
  term.setAttribute("aria-expanded", "true");
  card.showPopover({ source: term });
  load(term);
}

function close() {
  current?.setAttribute("aria-expanded", "false");
  current = null;
  if (card.matches(":popover-open")) card.hidePopover();
}

function later(action, delay) {
  clearTimeout(timer);
  timer = setTimeout(action, delay);
}

if (card) {
  document.addEventListener("click", (event) => {
    const term = termOf(event.target);
    if (!term || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(term, true);
  });
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const term = termOf(event.target);
    if (term) later(() => open(term, current === term && kept), 300);
    else if (card.contains(event.target)) clearTimeout(timer);
    else later(() => kept || close(), 250);
  });
  document.addEventListener("focusin", (event) => {
    const term = termOf(event.target);
    if (term?.matches(":focus-visible")) later(() => open(term, false), 300);
  });
  card.addEventListener("beforetoggle", (event) => event.newState === "closed" && current && close());
}
