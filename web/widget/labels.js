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

/** The words in a language; English where there are none. */
export function labelsFor(language) {
  return LABELS[language] ?? LABELS.en;
}
