// A form marked data-continue goes on by itself: work that takes longer than one answer may. Without script its button does it.
document.querySelector("form[data-continue]")?.requestSubmit();
