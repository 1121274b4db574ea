// Text areas grow with their text where the browser does not do it by itself (field-sizing).
if (!CSS.supports("field-sizing", "content")) {
  const fit = (area) => {
    area.style.blockSize = "auto";
    area.style.blockSize = `${area.scrollHeight + 2}px`;
  };
  const grows = "textarea:not(.editor-source)";
  document.addEventListener("input", (event) => {
    if (event.target.matches(grows)) fit(event.target);
  });
  document.querySelectorAll(grows).forEach(fit);
}
