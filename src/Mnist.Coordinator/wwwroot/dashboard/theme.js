// Runs before anything is painted. The theme is the one that was chosen here, or the system's.
(() => {
  const key = "mnist-theme";
  const system = matchMedia("(prefers-color-scheme: dark)");
  const stored = () => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const apply = () => {
    const isDark = stored() ? stored() === "dark" : system.matches;
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
  };

  apply();
  system.addEventListener("change", apply);
  document.addEventListener("click", event => {
    if (!event.target.closest?.("#theme-switch")) {
      return;
    }

    const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    try {
      localStorage.setItem(key, next);
    } catch {
      // Without storage the choice holds until the page is left.
    }

    document.documentElement.dataset.theme = next;
  });
})();
