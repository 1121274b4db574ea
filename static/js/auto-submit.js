// A form marked data-auto-submit is sent when one of its choices changes (filters, order); typed text waits for Enter.
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!form?.matches("[data-auto-submit]")) return;
  // In the phone's sheet several choices are made before the button is pressed.
  if (event.target.closest(":popover-open")) return;
  form.requestSubmit();
});
