// How cards look. Customers type what they like: everything goes in as text, never as HTML.

const words = document.body.dataset;

/** Make an element: `element("p", {class: "x"}, "text", child)`; empty children are left out. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value) made.setAttribute(key, value);
  }
  made.append(...children.filter(Boolean));
  return made;
}

/** The list item of one card; its shape is told in ../cards.py. */
export function cardElement(card) {
  const badges = (card.badges ?? []).map(({ text, tone }) =>
    element("span", { class: `badge ${tone}` }, text),
  );
  const quotes = (card.quotes ?? []).map((text) =>
    element("blockquote", { lang: card.language, "aria-label": words.customerWords }, text),
  );
  const heading = element(
    "p",
    { class: "heading" },
    card.lead && element("span", { class: "lead" }, card.lead),
    card.lead && " ",
    card.title && element("strong", {}, card.title),
    card.title && " ",
    ...badges,
  );
  const details = (card.details ?? []).map((text) => element("p", { class: "detail" }, text));
  const links = (card.links ?? []).map(linkElement);
  return element(
    "li",
    { class: card.is_past ? "card past" : "card", "data-id": card.id },
    heading,
    // What the customer wrote stands before when and how, unless it is a note to a visit
    ...(card.lead ? [...details, ...quotes] : quotes),
    (card.who || links.length > 0) &&
      element("p", { class: "links" }, card.who && element("span", {}, card.who), ...links),
    ...(card.lead ? [] : details),
    card.transcript && transcriptElement(card.transcript),
  );
}

function linkElement({ text, href }) {
  return /^(tel|mailto):/.test(href) ? element("a", { href }, text) : element("span", {}, text);
}

/** A conversation that is fetched when somebody wants to read it. */
function transcriptElement(code) {
  const said = element("div", { class: "said" });
  const details = element("details", {}, element("summary", {}, words.transcript), said);
  details.addEventListener("toggle", async () => {
    if (!details.open || said.querySelector("ol")) return;
    said.replaceChildren(element("p", {}, words.loading));
    said.replaceChildren(await conversationElement(code));
  });
  return details;
}

async function conversationElement(code) {
  try {
    const answer = await fetch(`/transcript/${encodeURIComponent(code)}`);
    if (!answer.ok) throw new Error(String(answer.status));
    const lines = await answer.json();
    if (lines.length === 0) return element("p", {}, words.noTranscript);
    return element("ol", { tabindex: "0" }, ...lines.map(lineElement));
  } catch {
    return element("p", {}, words.transcriptFailed);
  }
}

function lineElement(line) {
  const who = line.from === "customer" ? words.customer : words.desk;
  const side = line.from === "customer" ? "customer" : "desk";
  return element("li", { class: side }, element("b", {}, `${who}:`), " ", line.text ?? "");
}

// --- keeping a list up to date ----------------------------------------------------------------

/**
 * Show these cards, touching only what changed: the focus, an open conversation and the place
 * where one reads stay.
 * @param box where the lists are
 * @param cards in order
 * @returns the elements that are new
 */
export function showCards(box, cards) {
  const groups = new Map();
  for (const card of cards) {
    const name = card.group ?? "";
    groups.set(name, [...(groups.get(name) ?? []), card]);
  }
  for (const old of [...box.children]) if (!groups.has(old.dataset.group)) old.remove();
  const fresh = [];
  let at = 0;
  for (const [name, members] of groups) {
    const group = [...box.children].find((one) => one.dataset.group === name) ?? groupElement(name);
    place(box, group, at++);
    fresh.push(...showGroup(group.querySelector("ul"), members));
  }
  return fresh;
}

function groupElement(name) {
  const made = element("div", {}, name && element("h3", {}, name), element("ul"));
  made.dataset.group = name;
  return made;
}

function showGroup(list, cards) {
  const known = new Map([...list.children].map((item) => [item.dataset.id, item]));
  const fresh = [];
  cards.forEach((card, at) => {
    const state = JSON.stringify(card);
    let item = known.get(card.id);
    known.delete(card.id);
    if (!item) {
      item = cardElement(card);
      fresh.push(item);
    } else if (item.state !== state) {
      item = replaced(item, cardElement(card));
      fresh.push(item);
    }
    item.state = state;
    place(list, item, at);
  });
  for (const gone of known.values()) gone.remove();
  return fresh;
}

/** Put a new element in an old one's place; an open conversation and the focus go along. */
function replaced(old, made) {
  const focusable = "a, summary, ol";
  const focused = [...old.querySelectorAll(focusable)].indexOf(document.activeElement);
  const reading = old.querySelector("details");
  if (reading) made.querySelector("details")?.replaceWith(reading);
  old.replaceWith(made);
  if (focused >= 0) made.querySelectorAll(focusable)[focused]?.focus();
  return made;
}

function place(parent, child, at) {
  if (parent.children[at] !== child) parent.insertBefore(child, parent.children[at] ?? null);
}
