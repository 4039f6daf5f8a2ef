// Asks for the data every second and shows what changed. Why not a stream of events: ../app.py

import { showCards } from "./cards.js";

const EVERY_MS = 1000;
const HIDDEN_EVERY_MS = 10_000; // nobody looks; the moment somebody does, it asks at once
const SLOWEST_MS = 5000; // between tries while the connection is broken
const PATIENCE_MS = 8000;

const words = document.body.dataset;
const language = document.documentElement.lang;
const byId = (id) => document.getElementById(id);
const clock = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { timeStyle: "short" });

let tag = null; // of the data that are shown
let seenAt = null; // when the desk last answered
let failures = 0;
let timer = 0;
let isAsking = false;

async function ask() {
  if (isAsking) return;
  isAsking = true;
  clearTimeout(timer);
  try {
    const answer = await fetch(`/data?lang=${language}`, {
      headers: tag ? { "If-None-Match": tag } : {},
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (answer.status === 401) {
      location.assign(`/login?lang=${language}&why=session_over`);
      return;
    }
    if (answer.status === 200) {
      const data = await answer.json();
      show(data, tag === null);
      tag = answer.headers.get("ETag");
    } else if (answer.status !== 304) {
      throw new Error(String(answer.status));
    }
    failures = 0;
    seenAt = new Date();
    online();
  } catch {
    failures += 1;
    if (failures > 1) broken(); // one lost answer is no news
  } finally {
    isAsking = false;
    const usual = document.hidden ? HIDDEN_EVERY_MS : EVERY_MS;
    timer = setTimeout(ask, Math.min(usual * Math.max(failures, 1), Math.max(usual, SLOWEST_MS)));
  }
}

// --- the connection -----------------------------------------------------------------------------

function online() {
  if (byId("state").dataset.state === "online") return;
  byId("state").dataset.state = "online";
  byId("state").textContent = words.online;
  byId("broken").hidden = true;
  byId("broken").textContent = "";
  document.body.classList.remove("is-broken");
}

function broken() {
  const text = seenAt ? words.offline.replace("{time}", clock.format(seenAt)) : words.neverOnline;
  if (byId("broken").textContent === text) return;
  byId("state").dataset.state = "broken";
  byId("state").textContent = "";
  byId("broken").textContent = text;
  byId("broken").hidden = false;
  document.body.classList.add("is-broken");
}

// --- the data -----------------------------------------------------------------------------------

function show(data, isFirst) {
  byId("date").textContent = data.date;
  for (const [name, count] of Object.entries(data.figures)) {
    const box = document.querySelector(`[data-figure="${name}"] dd`);
    if (box.textContent !== String(count)) box.textContent = String(count);
  }
  showOnly(Object.keys(data.parts));
  const news = [];
  for (const [name, part] of Object.entries(data.parts)) {
    const fresh = showPart(name, part);
    if (isFirst || fresh.length === 0) continue;
    news.push(byId(name).firstChild.textContent.trim());
    for (const item of fresh) item.classList.add("is-new");
  }
  if (news.length > 0) byId("news").textContent = words.news.replace("{parts}", news.join(", "));
  const waiting = data.parts.tickets.count + (data.parts.leads?.count ?? 0);
  document.title = waiting ? `(${waiting}) ${words.title}` : words.title;
}

// What the business has; a column with nothing in it leaves its place to the others
function showOnly(names) {
  for (const section of document.querySelectorAll("[data-part]")) {
    const { part } = section.dataset;
    section.hidden = !names.includes(part);
    document.querySelector(`[data-for="${part}"]`).parentElement.hidden = section.hidden;
  }
  for (const column of document.querySelectorAll(".column")) {
    column.hidden = !column.querySelector("[data-part]:not([hidden])");
  }
}

function showPart(name, part) {
  const section = document.querySelector(`[data-part="${name}"]`);
  section.removeAttribute("aria-busy");
  const counts = [section.querySelector("h2 .count"), document.querySelector(`[data-for="${name}"] .count`)];
  for (const count of counts) {
    count.hidden = !part.count;
    count.textContent = part.count ? String(part.count) : "";
  }
  const none = section.querySelector(".none");
  none.hidden = part.cards.length > 0;
  none.textContent = part.error ?? none.dataset.empty;
  const more = section.querySelector(".more");
  more.hidden = !part.more;
  more.textContent = part.more;
  return showCards(section.querySelector(".cards"), part.cards);
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) ask();
});
addEventListener("online", ask);
ask();
