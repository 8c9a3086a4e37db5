// Passkeys: the browser makes one (data-passkey="create") or proves one ("get"), and its answer goes with the form.
// What it is asked stands in data-passkey-options, or is fetched from data-passkey-from at the moment it is needed.
import { onAppear } from "./dom.js";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

async function create({ creation_options: { publicKey } }, alone) {
  const selection = { ...publicKey.authenticatorSelection };
  selection.residentKey = alone ? "required" : "discouraged";
  selection.requireResidentKey = alone;
  if (alone) selection.userVerification = "required";
  return navigator.credentials.create({ publicKey: {
    ...publicKey,
    authenticatorSelection: selection,
    challenge: bytes(publicKey.challenge),
    user: { ...publicKey.user, id: bytes(publicKey.user.id) },
    excludeCredentials: known(publicKey.excludeCredentials),
  } });
}

async function prove({ request_options: { publicKey } }) {
  const allowCredentials = known(publicKey.allowCredentials);
  return navigator.credentials.get({ publicKey: { ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials } });
}

function written(credential) {
  const response = {};
  for (const key of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[key]) response[key] = text(credential.response[key]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  const clientExtensionResults = credential.getClientExtensionResults();
  return JSON.stringify({ type: credential.type, id: credential.id, rawId: text(credential.rawId), response, clientExtensionResults });
}

async function asked(form) {
  if (form.dataset.passkeyOptions) return JSON.parse(form.dataset.passkeyOptions);
  const answer = await fetch(form.dataset.passkeyFrom, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  return answer.json();
}

onAppear("form[data-passkey]", (form) => {
  const problem = form.querySelector("[data-passkey-problem]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.hidden = true;
    try {
      const options = await asked(form);
      const alone = form.elements.passwordless?.checked ?? false;
      const credential = await (form.dataset.passkey === "create" ? create(options, alone) : prove(options));
      form.elements.credential.value = written(credential);
      form.submit();
    } catch {
      // Refused, taken too long, no passkey here: the browser has said which; the page says how to go on.
      problem.hidden = false;
    }
  });
});
