// Folds the rail to icons and remembers it. On phones the rail is a popover: the browser opens and closes it.
import { setCookie } from "./dom.js";

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-rail-fold]")) return;
  const root = document.documentElement;
  root.dataset.rail = root.dataset.rail === "folded" ? "" : "folded";
  setCookie("rail", root.dataset.rail);
});
