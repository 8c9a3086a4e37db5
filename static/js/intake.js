// Questions that hang on another answer appear as soon as it is given. Without scripts "Continue" does it.
import { onAppear } from "./dom.js";

function follow(area) {
  const answers = {};
  for (const each of area.querySelectorAll("[data-question]")) {
    const { askedIf, askedWith } = each.dataset;
    each.hidden = Boolean(askedIf) && answers[askedIf] !== askedWith;
    const choice = each.querySelector("[data-answer]");
    if (choice && !each.hidden) answers[choice.dataset.answer] = choice.value;
  }
}

onAppear("[data-intake]", (area) => area.addEventListener("change", () => follow(area)));
