// The conversation's line to the desk: nothing lost, nothing said twice.
// The protocol is described at the top of tiski/channels/web.py.

import "../vendor/socket.io.min.js"; // an older kind of script: it leaves its `io` on globalThis
import { store } from "./store.js";

const ACK_MS = 10_000;
const RETRY_MS = 3_000;
const RESEND_WITHIN_MS = 5 * 60_000; // an older message is not sent by itself: the moment is gone

export class Connection {
  /**
   * @param {{server: string, path: string, language: () => string, visit: string | null,
   *   on: object}} options
   *   `visit` is the token of the link that the customer followed, or null.
   *   `on` holds what the widget does: reset(entries), entry(entry), state(id, state),
   *   typing(isOn), online(isOnline). A state is "sending", "sent" or "failed".
   */
  constructor({ server, path, language, visit, on }) {
    this.on = on;
    this.language = language;
    this.pending = store.pending;
    this.epoch = null;
    this.lastSeq = null;
    this.ready = false; // connected, and the session was confirmed
    this.socket = globalThis.io(server, {
      path,
      autoConnect: false,
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      auth: (give) =>
        give({
          session: store.token,
          language: this.language(),
          ...(visit && { visit }),
          epoch: this.epoch,
          last_seq: this.lastSeq,
        }),
    });
    this.socket.on("session", (session) => this.#welcome(session));
    this.socket.on("bot", (entry) => this.#entry(entry));
    this.socket.on("user", (entry) => this.#entry(entry));
    this.socket.on("typing", ({ on: isOn }) => this.on.typing(isOn));
    this.socket.on("done", ({ id }) => this.#forget(id));
    this.socket.on("disconnect", (reason) => this.#lost(reason));
    this.socket.on("connect_error", (error) => this.#refused(error));
  }

  /** Connect; does nothing when connected or connecting. */
  open() {
    this.socket.connect();
  }

  /** Leave this conversation and begin a new one. */
  restart() {
    this.socket.disconnect();
    store.token = null;
    this.epoch = this.lastSeq = null;
    this.pending = [];
    this.#save();
    this.on.reset([]);
    this.socket.connect();
  }

  /** Send {text} or {payload, title}; returns the message's id. */
  say(content) {
    const message = { id: newId(), language: this.language(), at: Date.now(), ...content };
    this.pending.push(message);
    this.#save();
    this.#send(message);
    return message.id;
  }

  /** Send a failed message again, under its old id: the desk drops it if it was heard before. */
  retry(id) {
    const message = this.pending.find((each) => each.id === id);
    if (!message) return;
    message.at = Date.now();
    this.#send(message);
  }

  /** Messages that the desk has not confirmed, for drawing the conversation anew. */
  unconfirmed() {
    return this.pending.map(({ id, text, title }) => ({ id, from: "user", text: text ?? title }));
  }

  #send(message) {
    message.failed = false;
    this.on.state(message.id, "sending");
    if (!this.ready) return; // goes out with the next `session`
    const { at: _at, failed: _failed, sent: _sent, ...data } = message;
    this.socket.timeout(ACK_MS).emit("message", data, (error, answer) => {
      if (error && !this.ready) return; // went down meanwhile: sent again when it is back
      if (error || !answer.ok) return this.#fail(message);
      message.sent = true;
      if (typeof answer.seq === "number") this.lastSeq = Math.max(this.lastSeq ?? 0, answer.seq);
      this.on.state(message.id, "sent");
    });
  }

  #fail(message) {
    message.failed = true;
    this.on.state(message.id, "failed");
  }

  #welcome(session) {
    store.token = session.token;
    this.epoch = session.epoch;
    this.ready = true;
    this.on.online(true);
    this.on.typing(session.open.length > 0);
    if (session.full) this.on.reset(session.messages);
    else session.messages.forEach((entry) => this.#entry(entry));
    this.lastSeq = session.seq;

    const arrived = new Set(session.messages.map((entry) => entry.id));
    for (const message of [...this.pending]) {
      const isHeard = arrived.has(message.id) || (message.sent && !session.full);
      if (isHeard && !session.open.includes(message.id)) this.#forget(message.id);
      else if (isHeard) this.on.state(message.id, "sent");
      else if (message.failed || Date.now() - message.at > RESEND_WITHIN_MS) this.#fail(message);
      else this.#send(message);
    }
  }

  #entry(entry) {
    this.lastSeq = Math.max(this.lastSeq ?? 0, entry.seq);
    this.on.entry(entry);
  }

  #forget(id) {
    this.pending = this.pending.filter((message) => message.id !== id);
    this.#save();
    this.on.state(id, "sent");
  }

  #save() {
    store.pending = this.pending.map(({ sent: _sent, failed: _failed, ...kept }) => kept);
  }

  #lost(reason) {
    this.ready = false;
    this.on.typing(false);
    this.on.online(false);
    // socket.io comes back by itself, except when the server closed the line (a restart).
    if (reason === "io server disconnect") setTimeout(() => this.socket.connect(), RETRY_MS);
  }

  #refused(error) {
    this.on.online(false);
    if (error.message === "bad_session") {
      store.token = null; // signed with another secret: a new conversation
      this.epoch = this.lastSeq = null;
    }
    if (!this.socket.active) setTimeout(() => this.socket.connect(), RETRY_MS);
  }
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
