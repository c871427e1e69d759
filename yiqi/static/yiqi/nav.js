// Menus, theme switch, folding of the rail, keys.
(() => {
  "use strict";
  const root = document.documentElement;
  const keep = (key, value) => {
    try {
      if (value) localStorage.setItem(key, value);
      else localStorage.removeItem(key);
    } catch {
      // nothing to remember it with
    }
  };

  const showTheme = () => {
    let wish = "auto";
    try {
      wish = localStorage.getItem("theme") || "auto";
    } catch {
      // follows the system
    }
    for (const button of document.querySelectorAll("[data-theme]")) {
      button.setAttribute("aria-pressed", String(button.dataset.theme === wish));
    }
  };

  const closeMenus = (but) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (menu !== but) menu.open = false;
    }
  };

  const showRail = () => {
    for (const button of document.querySelectorAll("[data-rail-fold]")) {
      button.setAttribute("aria-pressed", String(root.dataset.rail === "narrow"));
    }
  };

  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details[data-menu]"));
    const theme = event.target.closest("[data-theme]");
    if (theme) {
      keep("theme", theme.dataset.theme === "auto" ? "" : theme.dataset.theme);
      root.dispatchEvent(new CustomEvent("yiqi:theme-wish"));
      showTheme();
    }
    if (event.target.closest("[data-rail-fold]")) {
      if (root.dataset.rail === "narrow") delete root.dataset.rail;
      else root.dataset.rail = "narrow";
      keep("rail", root.dataset.rail);
      showRail();
    }
  });

  const typing = (node) => node.closest("input, textarea, select, [contenteditable]");

  // rows of the first list: j and k go down and up, as in mail programs
  const step = (by) => {
    const links = [...document.querySelectorAll(".data-table tbody tr, .strips > li")]
      .map((row) => row.querySelector("a"))
      .filter(Boolean);
    const here = links.indexOf(document.activeElement);
    const next = links[Math.min(Math.max(here + by, 0), links.length - 1)];
    if (next) next.focus();
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const open = document.querySelector("details[data-menu][open]");
      closeMenus(null);
      if (open) open.querySelector("summary").focus();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "/") {
      const field = document.querySelector("[data-search], .list-filters input:not([type=hidden]), .list-filters select");
      if (field) {
        event.preventDefault();
        field.focus();
      }
    }
    if (event.key === "j") step(1);
    if (event.key === "k") step(-1);
  });

  showTheme();
  showRail();
})();
