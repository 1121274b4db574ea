// Tells the site what is opened from a page of results, and what was really read. Nothing waits for it: the browser sends it
// while the next page loads, and without script nothing is told.
const READ_AFTER = 5000;

function tell(address, facts) {
  const told = new FormData();
  // Any form of the page holds the token; a page without one tells nothing.
  told.append("csrfmiddlewaretoken", document.querySelector("[name='csrfmiddlewaretoken']")?.value ?? "");
  for (const [name, value] of Object.entries(facts)) told.append(name, value);
  navigator.sendBeacon(address, told);
}

const results = document.querySelector("[data-opened-at]");

function opened(event) {
  const hit = event.target.closest("a[href]")?.closest("[data-hit]");
  // Of the other buttons only the middle one opens anything.
  if (!hit || event.button > 1) return;
  const hits = [...document.querySelectorAll(".hits [data-hit]")];
  const place = hits.indexOf(hit) + 1;
  tell(results.dataset.openedAt, {
    thing: hit.dataset.hit,
    position: place && place + Number(results.dataset.shownBefore),
  });
}

if (results) {
  document.addEventListener("click", opened);
  document.addEventListener("auxclick", opened);
}

const page = document.querySelector("[data-read]");
let [timer, since, seen] = [0, 0, 0];

function look() {
  clearTimeout(timer);
  if (document.visibilityState === "visible") {
    since = Date.now();
    timer = setTimeout(done, READ_AFTER - seen);
  } else {
    seen += Date.now() - since;
  }
}

function done() {
  document.removeEventListener("visibilitychange", look);
  tell(page.dataset.toldAt, { thing: page.dataset.read });
}

if (page) {
  document.addEventListener("visibilitychange", look);
  look();
}
