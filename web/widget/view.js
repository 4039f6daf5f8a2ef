// How messages look. Everything from the desk is put in as text, never as HTML.

const LINK = /https?:\/\/[^\s<>"]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
const TRAILING = /[.,;:!?)\]'"]+$/;

/** Make an element: `element("button", {class: "x", type: "button"}, "text", child)`. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** A text with its web and e-mail addresses as links, as nodes. */
export function linkified(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const address = match[0].replace(TRAILING, "");
    nodes.push(text.slice(end, match.index), link(address));
    end = match.index + address.length;
  }
  nodes.push(text.slice(end));
  return nodes;
}

function link(address, label = address) {
  const isWeb = /^https?:/.test(address);
  const href = isWeb ? address : `mailto:${address}`;
  const attributes = isWeb ? { href, target: "_blank", rel: "noopener noreferrer" } : { href };
  return element("a", attributes, label);
}

/**
 * The element of one entry of the log.
 * @param entry as in the protocol
 * @param labels see labels.js
 * @param onChoice called with {payload, title} when a button is tapped
 */
export function messageElement(entry, labels, onChoice) {
  const item = element("div", { class: `message ${entry.from}`, "data-id": entry.id });
  if (entry.from === "user") item.append(element("span", { class: "unseen" }, `${labels.you}: `));
  if (entry.text) item.append(element("p", { class: "bubble" }, ...linkified(entry.text)));
  if (entry.image) item.append(imageElement(entry.image, labels));
  if (entry.buttons?.length) item.append(choicesElement(entry.buttons, onChoice));
  return item;
}

function imageElement(address, labels) {
  const url = new URL(address, location.href);
  if (!/^https?:$/.test(url.protocol)) return "";
  // From elsewhere it stays a link: the page loads nothing from other sites.
  if (url.origin !== location.origin) {
    return element("p", { class: "bubble" }, link(url.href, labels.image));
  }
  return element("img", { class: "picture", src: url.href, alt: "" });
}

function choicesElement(buttons, onChoice) {
  const choices = element("div", { class: "choices" });
  for (const { title, payload } of buttons) {
    const button = element("button", { type: "button" }, title);
    button.addEventListener("click", () => {
      button.classList.add("chosen");
      onChoice({ payload, title });
    });
    choices.append(button);
  }
  return choices;
}

/** Show below a message of the customer what became of it. */
export function showState(item, state, labels, onRetry) {
  item.querySelector(".state")?.remove();
  if (state === "sent") return;
  const note = element("p", { class: `state ${state}` }, labels[state]);
  if (state === "failed") {
    const retry = element("button", { type: "button" }, labels.retry);
    retry.addEventListener("click", onRetry);
    note.append(" ", retry);
  }
  item.append(note);
}
