// The reader's choice of theme, before anything is drawn. Gradio's own dark class follows ours.
(() => {
  const stored = () => { try { return localStorage.getItem("da-theme"); } catch { return null; } };
  const asked = new URLSearchParams(location.search).get("__theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const chosen = stored() || asked;
    const theme = chosen === "dark" || chosen === "light" ? chosen : system.matches ? "dark" : "light";
    document.documentElement.dataset.theme = theme;
    document.body?.classList.toggle("dark", theme === "dark");
  };
  window.daTheme = {
    toggle() {
      const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
      try { localStorage.setItem("da-theme", next); } catch { /* the choice lasts for this page only */ }
      document.documentElement.dataset.theme = next;
      document.body.classList.toggle("dark", next === "dark");
    },
  };
  apply();
  system.addEventListener("change", apply);
  addEventListener("load", apply);
})();
