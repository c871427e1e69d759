// Runs before the first paint: theme and rail as the reader left them.
(() => {
  "use strict";
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const read = (key) => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // storage may be forbidden: the page then follows the system
    }
  };
  const apply = () => {
    const wish = read("theme");
    root.dataset.bsTheme = wish === "light" || wish === "dark" ? wish : dark.matches ? "dark" : "light";
    root.dispatchEvent(new CustomEvent("yiqi:theme"));
  };
  root.classList.add("js");
  if (read("rail") === "narrow") root.dataset.rail = "narrow";
  dark.addEventListener("change", apply);
  root.addEventListener("yiqi:theme-wish", apply);
  apply();
})();
