// Messages can be closed; `say` shows a short word at the bottom of the page and reads it out.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-dismiss]");
  if (!button) return;
  const list = button.closest(".messages");
  button.closest(".notice").remove();
  if (list && !list.children.length) list.remove();
});

let spot;

export function say(text) {
  if (!spot) {
    spot = document.createElement("div");
    spot.className = "spot";
    spot.setAttribute("role", "status");
    document.body.append(spot);
  }
  const word = document.createElement("output");
  word.textContent = text;
  spot.replaceChildren(word);
  setTimeout(() => word.remove(), 2400);
}
