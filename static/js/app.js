// Loads every behaviour. Each module listens on the document, so content that htmx brings in works as well;
// those that must touch elements when they appear register with onAppear.
import { appear } from "./dom.js";
import "./theme.js";
import "./rail.js";
import "./menus.js";
import "./dialogs.js";
import "./relative-time.js";
import "./drafts.js";
import "./composer.js";
import "./shortcuts.js";
import "./files.js";
import "./combo.js";
import "./finder.js";
import "./forms.js";
import "./requests.js";
import "./copy.js";
import "./intake.js";
import "./paste.js";
import "./live.js";
import "./passkeys.js";
import "./insert.js";

document.documentElement.classList.add("js");
appear(document.body);
document.addEventListener("htmx:load", (event) => appear(event.detail.elt));
