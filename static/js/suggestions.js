// What is called so, under a search field while one types: asked for with every letter, also before kana is converted.
import Combobox from "@github/combobox-nav";

const PAUSE = 80;

export function suggestUnder(field, list, status, address) {
  const combobox = new Combobox(field, list, { tabInsertsSuggestions: false });
  let [timer, asking] = [0, null];

  async function ask() {
    const mine = renew();
    try {
      const asked = { signal: mine.signal, headers: { "HX-Request": "true" } };
      const answer = await fetch(`${address}?q=${encodeURIComponent(field.value)}`, asked);
      const html = answer.ok ? await answer.text() : "";
      // A slow answer to earlier letters must not replace the later one.
      if (asking === mine) show(html);
    } catch {
      if (asking === mine) close();
    }
  }

  function renew() {
    clearTimeout(timer);
    asking?.abort();
    asking = new AbortController();
    return asking;
  }

  function show(html) {
    // Whatever else came, such as the page to sign in, is no list.
    const found = new DOMParser().parseFromString(html, "text/html").querySelector("[role='listbox']");
    const chosen = list.querySelector("[aria-selected='true']")?.getAttribute("href");
    combobox.stop();
    list.replaceChildren(...(found?.querySelector("[role='option']") ? found.children : []));
    status.textContent = field.value.trim() ? (found?.dataset.said ?? "") : "";
    if (list.firstElementChild) combobox.start();
    // Somebody chose a line while the answer to the last letter was on its way.
    const place = [...list.querySelectorAll("[role='option']")].findIndex((line) => line.getAttribute("href") === chosen);
    for (let step = 0; step <= place; step += 1) combobox.navigate(1);
  }

  function close() {
    renew();
    show("");
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  // Keys that choose or end a conversion are the input method's; 229 is how some browsers say so afterwards.
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) event.stopImmediatePropagation();
  }, true);
  // Pressing on a line keeps the focus in the field, or the list would be gone before it is let go.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  return { ask, close };
}
