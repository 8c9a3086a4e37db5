// Says at once, beside the field, what the server would refuse: size, type, number. The server checks again.
import { fill, make, words } from "./dom.js";

function sizeText(bytes) {
  const mega = bytes / 1024 / 1024;
  return new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 }).format(mega) + " MB";
}

function isAccepted(file, accept) {
  return accept.split(",").map((each) => each.trim().toLowerCase()).some((each) => (
    each.startsWith(".") ? file.name.toLowerCase().endsWith(each)
      : each.endsWith("/*") ? file.type.startsWith(each.slice(0, -1)) : file.type === each
  ));
}

function problem(input) {
  const files = [...input.files];
  const most = Number(input.dataset.maxFiles);
  if (most && files.length > most) return fill(words.file_many, { n: most });
  const limit = Number(input.dataset.maxBytes);
  const big = limit && files.find((file) => file.size > limit);
  if (big) return fill(words.file_big, { name: big.name, limit: sizeText(limit) });
  const odd = input.accept && files.find((file) => !isAccepted(file, input.accept));
  return odd ? fill(words.file_type, { name: odd.name, types: input.accept.replaceAll(",", ", ") }) : "";
}

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!input.matches("input[type=file]")) return;
  input.parentElement.querySelector(".field-error[data-client]")?.remove();
  const said = problem(input);
  input.toggleAttribute("aria-invalid", Boolean(said));
  if (!said) return;
  input.setAttribute("aria-invalid", "true");
  input.before(make("p", { class: "field-error", role: "alert", "data-client": "" }, make("span", {}, said)));
  input.value = "";
});
