// Comfort for forms; each of them works without this file.
(() => {
  "use strict";
  const dirty = new Set();

  // a filter acts as soon as it is chosen
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-auto-submit]");
    if (form && event.target.name && event.target.matches("select, input[type=checkbox], input[type=radio]")) form.requestSubmit();
  });

  // empty filters stay out of the address
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-auto-submit]")) return;
    for (const field of event.target.elements) {
      if (field.name && field.value === "") field.disabled = true;
    }
  });

  window.addEventListener("pageshow", () => {
    for (const field of document.querySelectorAll("form[data-auto-submit] :disabled")) field.disabled = false;
  });

  // typing that would be lost is asked about
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form");
    if (form && form.method === "post" && !form.matches("[data-no-guard], [data-auto-submit]")) dirty.add(form);
  });

  window.addEventListener("beforeunload", (event) => {
    if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
  });

  const ask = (form, submitter, words) => {
    const dialog = document.getElementById("confirm");
    dialog.querySelector("p").textContent = words;
    dialog.returnValue = "";
    dialog.addEventListener(
      "close",
      () => {
        if (dialog.returnValue !== "yes") return;
        form.dataset.confirmed = "yes";
        form.requestSubmit(submitter);
      },
      { once: true },
    );
    dialog.showModal();
  };

  // in the capturing phase: the question comes before htmx sends anything
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const submitter = event.submitter;
      const words = (submitter && submitter.dataset.confirm) || form.dataset.confirm;
      if (words && form.dataset.confirmed !== "yes" && document.getElementById("confirm")) {
        event.preventDefault();
        event.stopImmediatePropagation();
        ask(form, submitter, words);
        return;
      }
      delete form.dataset.confirmed;
      dirty.delete(form);
      // a second click must not send twice; after this turn, so that the button's own value is still sent
      if (form.method === "post" && submitter) {
        setTimeout(() => {
          submitter.disabled = true;
          setTimeout(() => (submitter.disabled = false), 8000);
        });
      }
    },
    true,
  );

  const errors = document.querySelector("[data-form-errors]");
  if (errors) errors.focus();
})();
