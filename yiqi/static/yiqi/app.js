// What htmx may swap: a refused request shows its message in place and leaves the page as it was.
(() => {
  "use strict";
  const MENDABLE = new Set([400, 403, 404, 409, 413, 422, 429]);

  document.addEventListener("htmx:beforeSwap", (event) => {
    const detail = event.detail;
    const answer = detail.xhr;
    if (answer.status < 400) return;
    if (answer.responseText.includes("data-error-part")) {
      detail.shouldSwap = true;
      detail.isError = false;
      detail.target = document.getElementById("notices");
      detail.swapOverride = "innerHTML";
    } else if (MENDABLE.has(answer.status) && answer.responseText.includes("<form")) {
      detail.shouldSwap = true;
      detail.isError = false;
    }
  });
})();
