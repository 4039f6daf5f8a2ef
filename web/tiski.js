// <tiski-chat>: the desk's chat, a web component without a framework or a build.
//
//   <script type="module" src="https://desk.example/desk/tiski.js"></script>
//   <tiski-chat language="fi" name="Aalto-apu" business="Kampaamo Aalto"></tiski-chat>
//
// Attributes, all optional:
//   language  of the page (default: <html lang>); the desk greets in it
//   name      of the assistant; business: of the shop
//   address   "te": the chat's own words say te, where a language has such a form
//   open      "wide": open from the start where there is room for it; "always": everywhere
//   server    where the desk runs (default: where this file came from)
//   path      of the socket there (default: /webhooks/web/socket.io)
// An element of the page with the attribute `data-open-chat` opens the chat when clicked, and so does
// an address with ?visit=…: the link to an appointment, as mails have it.

import { Connection } from "./widget/connection.js";
import { labelsFor } from "./widget/labels.js";
import { store } from "./widget/store.js";
import { element, messageElement, showState } from "./widget/view.js";

const MAX_CHARS = 1000;
const WIDE = "(min-width: 1200px)";
const NEAR_END_PX = 80;

const ICONS = {
  chat: "M4 5h16v11H9l-5 4z",
  close: "M6 6l12 12M18 6L6 18",
  restart: "M5 12a7 7 0 1 0 2-5M5 4v4h4",
  send: "M4 12l16-7-6 15-3-6z",
};

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

class TiskiChat extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) return; // moved in the page: everything is there already
    this.labels = labelsFor(this.language, this.getAttribute("address"));
    this.unread = 0;
    this.#build();
    const visit = new URLSearchParams(location.search).get("visit");
    this.connection = new Connection({
      server: this.getAttribute("server") ?? new URL(import.meta.url).origin,
      path: this.getAttribute("path") ?? "/webhooks/web/socket.io",
      language: () => this.language,
      visit,
      on: {
        reset: (entries) => this.#reset(entries),
        entry: (entry) => this.#add(entry),
        state: (id, state) => this.#state(id, state),
        typing: (isOn) => this.#typing(isOn),
        online: (isOnline) => this.#online(isOnline),
      },
    });
    document.addEventListener("click", (event) => {
      const opener = event.target.closest?.("[data-open-chat]");
      if (opener) this.open(opener);
    });
    const wish = this.getAttribute("open");
    const hasRoom = matchMedia(WIDE).matches;
    if (visit || wish === "always" || (wish === "wide" && hasRoom && !this.#wasClosed())) this.#show();
    else if (store.token) this.connection.open(); // answers may come while the chat is closed
  }

  get language() {
    return this.getAttribute("language") || document.documentElement.lang.slice(0, 2) || "en";
  }

  get isOpen() {
    return !this.panel.hidden;
  }

  /** Open the chat and go to its input; Escape brings the focus back to `opener`. */
  open(opener = null) {
    this.opener = opener;
    this.#show();
    this.input.focus();
  }

  /** Close the chat; what is said meanwhile is counted on the launcher. */
  close() {
    this.panel.hidden = true;
    this.launcher.hidden = false;
    this.#remember("closed");
    (this.opener?.isConnected ? this.opener : this.launcher).focus();
  }

  // --- what the customer does ------------------------------------------------------------------

  #say(content) {
    const id = this.connection.say(content);
    this.#add({ id, from: "user", text: content.text ?? content.title });
    this.#state(id, "sending");
    this.log.scrollTop = this.log.scrollHeight;
  }

  #submit() {
    const text = this.input.value.trim();
    if (!text) return;
    this.input.value = "";
    this.#fit();
    this.#say({ text });
  }

  #choose(choice) {
    // The tapped button is about to be disabled. Not into the input on a phone: its keyboard
    // would cover the answer.
    (matchMedia("(pointer: coarse)").matches ? this.log : this.input).focus();
    this.#say(choice);
  }

  #onKey(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#submit();
    }
  }

  // --- what the desk does ----------------------------------------------------------------------

  #reset(entries) {
    this.log.setAttribute("aria-live", "off"); // an old conversation is not read out again
    this.log.replaceChildren();
    const known = new Set(entries.map((entry) => entry.id));
    const waiting = this.connection.unconfirmed().filter(({ id }) => !known.has(id));
    for (const entry of [...entries, ...waiting]) this.#add(entry, false);
    this.log.scrollTop = this.log.scrollHeight;
    setTimeout(() => this.log.setAttribute("aria-live", "polite"), 500);
  }

  #add(entry, isNew = true) {
    if (this.#item(entry.id)) return;
    const { scrollHeight, scrollTop, clientHeight } = this.log;
    const wasAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    if (entry.from === "user") {
      for (const button of this.log.querySelectorAll(".choices button")) button.disabled = true;
    }
    this.log.append(messageElement(entry, this.labels, (choice) => this.#choose(choice)));
    if (wasAtEnd) this.log.scrollTop = this.log.scrollHeight;
    if (isNew && entry.from === "bot" && !this.isOpen) this.#count(this.unread + 1);
  }

  #state(id, state) {
    const item = this.#item(id);
    if (item) showState(item, state, this.labels, () => this.connection.retry(id));
  }

  #item(id) {
    return this.log.querySelector(`[data-id="${CSS.escape(id)}"]`);
  }

  #typing(isOn) {
    this.dots.hidden = !isOn;
    if (isOn) this.log.scrollTop = this.log.scrollHeight;
  }

  #online(isOnline) {
    this.notice.hidden = isOnline;
    this.notice.textContent = isOnline ? "" : this.labels.offline;
  }

  #count(unread) {
    this.unread = unread;
    this.badge.hidden = !unread;
    this.badge.textContent = String(unread);
    const label = unread ? `, ${this.labels.unread(unread)}` : "";
    this.launcher.setAttribute("aria-label", this.labels.launcher + label);
  }

  // --- the panel -------------------------------------------------------------------------------

  #show() {
    this.panel.hidden = false;
    this.launcher.hidden = true;
    this.#remember("open");
    this.#count(0);
    this.connection.open();
    this.log.scrollTop = this.log.scrollHeight;
  }

  #fit() {
    const borders = this.input.offsetHeight - this.input.clientHeight;
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight + borders}px`;
  }

  #wasClosed() {
    try {
      return sessionStorage.getItem("tiski-panel") === "closed";
    } catch {
      return false;
    }
  }

  #remember(state) {
    try {
      sessionStorage.setItem("tiski-panel", state);
    } catch {
      // storage is switched off: the next page opens as its attribute says
    }
  }

  #iconButton(name, label, onClick) {
    const button = element("button", { type: "button", class: name, "aria-label": label, title: label });
    button.append(icon(name === "launcher" ? "chat" : name));
    button.addEventListener("click", onClick);
    return button;
  }

  #build() {
    const { labels } = this;
    const style = element("link", {
      rel: "stylesheet",
      href: new URL("tiski.css", import.meta.url).href,
    });
    const root = element("div", { class: "root", lang: this.language, hidden: "" });
    style.addEventListener("load", () => (root.hidden = false)); // no flash without style

    this.launcher = this.#iconButton("launcher", labels.launcher, () => this.open());
    this.badge = element("span", { class: "badge", "aria-hidden": "true" });
    this.badge.hidden = true;
    this.launcher.append(this.badge);

    this.log = element("div", {
      class: "log",
      role: "log",
      "aria-live": "polite",
      "aria-label": labels.log,
      tabindex: "0",
    });
    this.dots = element("p", { class: "typing" }, element("span", { class: "unseen" }, labels.typing));
    for (let dot = 0; dot < 3; dot += 1) this.dots.append(element("i", { "aria-hidden": "true" }));
    this.dots.hidden = true;
    this.notice = element("p", { class: "notice", role: "status" });
    this.notice.hidden = true;

    this.panel = element(
      "section",
      { class: "panel", "aria-label": labels.title },
      this.#header(),
      this.log,
      this.dots,
      this.notice,
      this.#form(),
    );
    this.panel.hidden = true;
    this.panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
    root.append(this.launcher, this.panel);
    this.attachShadow({ mode: "open" }).append(style, root);
  }

  #header() {
    const name = this.getAttribute("name") ?? this.labels.title;
    const business = this.getAttribute("business");
    const subtitle = [business, this.labels.bot].filter(Boolean).join(" · ");
    const restart = () => {
      if (confirm(this.labels.restartConfirm)) this.connection.restart();
      this.input.focus();
    };
    return element(
      "header",
      {},
      element("div", { class: "who" }, element("strong", {}, name), element("span", {}, subtitle)),
      this.#iconButton("restart", this.labels.restart, restart),
      this.#iconButton("close", this.labels.close, () => this.close()),
    );
  }

  #form() {
    this.input = element("textarea", {
      id: "input",
      rows: "1",
      maxlength: String(MAX_CHARS),
      placeholder: this.labels.input,
      autocomplete: "off",
      enterkeyhint: "send",
    });
    this.input.addEventListener("keydown", (event) => this.#onKey(event));
    this.input.addEventListener("input", () => this.#fit());
    const send = element("button", { type: "submit", class: "send", "aria-label": this.labels.send });
    send.append(icon("send"));
    const label = element("label", { for: "input", class: "unseen" }, this.labels.input);
    const form = element("form", {}, label, this.input, send);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    return form;
  }
}

customElements.define("tiski-chat", TiskiChat);
