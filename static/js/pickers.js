// People and tags: a select or text field with data-picker becomes a field of chips. A text field takes new words and is
// offered those of the page's <datalist id="tag-names">; a select offers its own options.
const fields = document.querySelectorAll("[data-picker]");
// Japanese writers part words with 、 as well.
const COMMA = /[,、，]/;

/** A text field's own words first: the picker drops what is not among its options. */
function words(field) {
  const own = field.value.split(COMMA).map((word) => word.trim()).filter(Boolean);
  field.value = own.join(",");
  const known = [...document.querySelectorAll("#tag-names option")].map((option) => option.value);
  return [...new Set([...own, ...known])].map((word) => ({ value: word, text: word }));
}

function settings(field) {
  const free = field.matches("input");
  return {
    ...(free && { options: words(field), splitOn: COMMA }),
    create: free,
    delimiter: ",",
    persist: false,
    maxOptions: 200,
    closeAfterSelect: !field.multiple,
    plugins: field.multiple || free ? { remove_button: { title: field.dataset.pickerRemove ?? "×" } } : {},
    onInitialize() {
      field.ariaHidden = "true";
      // Enter that ends a conversion must not make a tag.
      this.control_input.addEventListener("keydown", (event) => event.isComposing && event.stopImmediatePropagation(), true);
    },
    render: {
      option_create: (data, escape) => `<div class="create">+ <b>${escape(data.input)}</b></div>`,
      no_results: () => null,
    },
  };
}

if (fields.length) {
  await import("tom-select");
  for (const field of fields) new window.TomSelect(field, settings(field));
}
