// How far a form with data-progress is answered, and whether its draft could be kept. A question counts by its first
// control; one that the chosen outcome does not ask is not there.
const form = document.querySelector("form[data-progress]");
const bar = form.querySelector("progress");
const words = form.querySelector("[data-progress-words]");
const failed = document.getElementById("not-kept");

function answered(question) {
  const first = question.querySelector("input, select, textarea");
  return first.type === "radio" ? Boolean(question.querySelector("input:checked")) : first.value.trim() !== "";
}

function show() {
  const asked = [...form.querySelectorAll(".question")].filter((question) => question.checkVisibility());
  const done = asked.filter(answered).length;
  bar.max = asked.length;
  bar.value = done;
  words.textContent = words.dataset.progressWords.replace("{done}", done).replace("{total}", asked.length);
}

form.addEventListener("input", show);
show();

document.getElementById("kept").addEventListener("htmx:afterRequest", (sent) => {
  failed.hidden = sent.detail.successful;
  // A draft that is kept waits on any machine: leaving the page loses nothing.
  if (sent.detail.successful) form.dispatchEvent(new CustomEvent("kotohashi:saved", { bubbles: true }));
});
