// The widget's own words. A new language is a new block with the same keys.

const LABELS = {
  fi: {
    launcher: "Avaa chat",
    close: "Sulje chat",
    restart: "Aloita uusi keskustelu",
    restartConfirm: "Aloitetaanko uusi keskustelu? Tämä keskustelu poistuu näkyvistä.",
    title: "Asiakaspalvelun chat",
    log: "Keskustelu",
    input: "Kirjoita viesti",
    send: "Lähetä",
    bot: "vastaa heti",
    typing: "Kirjoittaa…",
    connecting: "Yhdistetään…",
    offline: "Yhteys poikki. Viestisi lähtee, kun yhteys palaa.",
    sending: "Lähetetään…",
    failed: "Ei mennyt perille.",
    retry: "Yritä uudelleen",
    you: "Sinä",
    image: "Avaa kuva",
    unread: (count) => `uusia viestejä: ${count}`,
  },
  en: {
    launcher: "Open chat",
    close: "Close chat",
    restart: "Start a new conversation",
    restartConfirm: "Start a new conversation? This one will no longer be shown.",
    title: "Customer service chat",
    log: "Conversation",
    input: "Write a message",
    send: "Send",
    bot: "replies straight away",
    typing: "Typing…",
    connecting: "Connecting…",
    offline: "No connection. Your message will be sent once it's back.",
    sending: "Sending…",
    failed: "Not delivered.",
    retry: "Try again",
    you: "You",
    image: "Open image",
    unread: (count) => `new messages: ${count}`,
  },
};

// What addresses the customer, once more for a business that says te. Buttons tell the page what to
// do, and stay as they are.
const TE = {
  fi: {
    input: "Kirjoittakaa viesti",
    offline: "Yhteys poikki. Viestinne lähtee, kun yhteys palaa.",
    you: "Te",
  },
};

/** The words in a language, English where there are none; `address` is "te" or anything else. */
export function labelsFor(language, address) {
  const labels = LABELS[language] ?? LABELS.en;
  return address === "te" ? { ...labels, ...TE[language] } : labels;
}
