// The meeting wall: arrow keys go to the next item and back, a small timer counts each item's own time.
(() => {
  "use strict";
  const typing = (node) => node.closest("input, textarea, select, summary, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || typing(event.target)) return;
    const wanted = { ArrowRight: "next", ArrowLeft: "prev" }[event.key];
    const link = wanted && document.querySelector(`[data-meeting] a[rel="${wanted}"]`);
    if (link) link.click();
  });

  const current = document.querySelector(".agenda a[aria-current]");
  const agenda = current && current.closest(".agenda");
  if (agenda && agenda.scrollHeight > agenda.clientHeight) {
    agenda.scrollTop = current.offsetTop - agenda.offsetTop - agenda.clientHeight / 3;
  }

  const timer = document.querySelector("[data-timer]");
  if (!timer) return;
  const key = `meeting-${timer.dataset.timer}`;
  const shown = timer.querySelector("time");
  let spent = 0;
  try {
    spent = Number(sessionStorage.getItem(key)) || 0;
  } catch {
    // counts from the opening of the page
  }
  const began = Date.now();
  const now = () => spent + Math.floor((Date.now() - began) / 1000);

  const draw = () => {
    const seconds = now();
    const minutes = Math.floor(seconds / 60);
    shown.textContent = `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
    shown.dateTime = `PT${seconds}S`;
  };

  timer.hidden = false;
  draw();
  setInterval(draw, 1000);
  window.addEventListener("pagehide", () => {
    try {
      sessionStorage.setItem(key, String(now()));
    } catch {
      // nothing to remember it with
    }
  });
})();
