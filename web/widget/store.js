// What the widget keeps in the browser: the session's token, and messages on their way.
// Storage can be switched off; then the conversation lives as long as the page.

const memory = new Map();

function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return memory.get(key) ?? null;
  }
}

function write(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    memory.set(key, value);
  }
}

export const store = {
  /** The token that proves whose conversation this is; null for a new customer. */
  get token() {
    return read("tiski-session");
  },
  set token(value) {
    write("tiski-session", value);
  },

  /** Messages whose turn is not over yet: [{id, text | payload and title, at}]. */
  get pending() {
    try {
      const list = JSON.parse(read("tiski-pending") ?? "[]");
      return Array.isArray(list) ? list : [];
    } catch {
      return [];
    }
  },
  set pending(list) {
    write("tiski-pending", list.length ? JSON.stringify(list) : null);
  },
};
