// The few things that every behaviour needs.

const watchers = [];

/** Call `attach(element)` for each element matching `selector`, now and whenever htmx brings one in. */
export function onAppear(selector, attach) {
  watchers.push([selector, attach]);
}

/** Attach behaviours inside `root`; an element gets each behaviour once. */
export function appear(root) {
  for (const [selector, attach] of watchers) {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches(selector)) found.unshift(root);
    for (const element of found) {
      const key = `attached${watchers.findIndex((each) => each[1] === attach)}`;
      if (element[key]) continue;
      element[key] = true;
      attach(element);
    }
  }
}

const meta = document.querySelector('meta[name="ui-words"]');
export const words = meta ? JSON.parse(meta.content) : {};

/** Fill "%(name)s" places of a text from the server. */
export function fill(text, values) {
  return (text || "").replace(/%\((\w+)\)s/g, (_, key) => values[key] ?? "");
}

/** Make an element: text is set as text, never as HTML. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export function isTyping(target) {
  return target.isContentEditable || /^(textarea|select)$/i.test(target.tagName)
    || (target.tagName === "INPUT" && !/^(checkbox|radio|button|submit|file)$/.test(target.type));
}

export function setCookie(name, value) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}
