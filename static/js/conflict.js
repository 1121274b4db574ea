// On the conflict page, writing one's own wording chooses it.
for (const own of document.querySelectorAll("[data-chooses]")) {
  own.addEventListener("input", () => {
    document.querySelector(`[name="${own.dataset.chooses}"][value="own"]`).checked = true;
  });
}
