// Tags and people: a select or text field with data-picker becomes a field of chips; data-picker-create takes new ones.
const fields = document.querySelectorAll("[data-picker]");

function settings(field) {
  return {
    create: field.hasAttribute("data-picker-create"),
    // Enter that ends a conversion must not make a tag.
    onInitialize() {
      this.control_input.addEventListener("keydown", (event) => event.isComposing && event.stopImmediatePropagation(), true);
    },
    plugins: field.multiple || field.matches("input") ? { remove_button: { title: field.dataset.pickerRemove ?? "×" } } : {},
    maxOptions: 200,
    delimiter: ",",
    persist: false,
    hidePlaceholder: true,
    closeAfterSelect: !field.multiple,
    // A text field brings what may be chosen as JSON; a select has its own options.
    ...(field.dataset.pickerOptions && { options: JSON.parse(field.dataset.pickerOptions).map((text) => ({ value: text, text })) }),
    render: {
      option_create: (data, escape) => `<div class="create">${escape(field.dataset.pickerCreate || "+")} <b>${escape(data.input)}</b></div>`,
      no_results: () => (field.dataset.pickerNone ? `<div class="no-results">${field.dataset.pickerNone}</div>` : null),
    },
  };
}

if (fields.length) {
  await import("tom-select");
  for (const field of fields) new window.TomSelect(field, settings(field));
}
