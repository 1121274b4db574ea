// A word of the glossary opens its card: by pointing at it, by reaching it with the keyboard, by pressing or touching it.
const card = document.getElementById("term-card");
const body = card?.querySelector(".term-card-body");
const known = new Map();
let current = null;
let kept = false;
let timer = 0;

const termOf = (target) => (target instanceof Element ? target.closest(".term[data-term]") : null);
const template = (name) => card.querySelector(`template[data-when="${name}"]`).content.cloneNode(true);

async function load(term) {
  const id = term.dataset.term;
  if (!known.has(id)) {
    body.replaceChildren(template("waiting"));
    const answer = await fetch(card.dataset.card.replace("/0/", `/${id}/`)).catch(() => null);
    if (answer?.ok) known.set(id, await answer.text());
  }
  if (current !== term) return;
  if (known.has(id)) body.innerHTML = known.get(id);
  else body.replaceChildren(template("failed"));
}

function open(term, keep) {
  clearTimeout(timer);
  kept = keep;
  if (current === term) return;
  close();
  current = term;
  term.setAttribute("aria-expanded", "true");
  load(term);
  card.showPopover({ source: term });
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

function pressed(event) {
  const term = termOf(event.target);
  if (!term) return;
  // The browser would close what pointing has just opened; pressing keeps it.
  event.preventDefault();
  open(term, true);
}

function pointed(event) {
  const term = termOf(event.target);
  if (event.pointerType !== "mouse") return;
  if (term) later(() => open(term, false), 300);
  else if (card.contains(event.target)) clearTimeout(timer);
  else later(() => kept || close(), 250);
}

function reached(event) {
  const term = termOf(event.target);
  if (term?.matches(":focus-visible")) later(() => open(term, true), 300);
}

if (card) {
  document.addEventListener("click", pressed);
  document.addEventListener("pointerover", pointed);
  document.addEventListener("focusin", reached);
  card.addEventListener("beforetoggle", (event) => event.newState === "closed" && current && close());
}
