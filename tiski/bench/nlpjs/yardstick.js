// nlp.js with its own defaults: learn the examples of a job, answer its messages, say what it took.
// Usage: node yardstick.js FOLDER; reads job.json, writes train.json and answer.json there, in the
// shapes of tiski/bench/nlu/child.py. It is told each message's language.

const fs = require("fs");
const path = require("path");
const { dockStart } = require("@nlpjs/basic");

// looked up by nlp.js among the packages that are installed beside it
const PLUGINS = { en: "LangEn", fi: "LangFi" };
const OUT_OF_SCOPE = "out_of_scope";
const NONE = "None"; // what nlp.js calls a message that fits nothing
const WARM_UP = 20;

const now = () => Number(process.hrtime.bigint()) / 1e6; // milliseconds

// How sure it is that a message is in scope: in_scope of tiski/bench/nlu/answers.py
function inScope(classifications, knowsForeign) {
  const best = (wanted) =>
    Math.max(0, ...classifications.filter(({ intent }) => wanted(intent)).map(({ score }) => score));
  const inside = best((intent) => intent !== NONE && intent !== OUT_OF_SCOPE);
  const outside = best((intent) => intent === OUT_OF_SCOPE);
  if (!knowsForeign) return inside;
  return inside + outside > 0 ? inside / (inside + outside) : 0;
}

function answerOf(result, knowsForeign) {
  const label = result.intent === NONE ? "" : result.intent;
  return {
    label,
    confidence: label ? result.score : 0,
    score: label ? inScope(result.classifications || [], knowsForeign) : 0,
    decision: label && label !== OUT_OF_SCOPE ? "sure" : "fallback",
  };
}

async function main(folder) {
  const job = JSON.parse(fs.readFileSync(path.join(folder, "job.json"), "utf-8"));
  const languages = [...new Set(job.train.map(({ language }) => language))];
  const dock = await dockStart({
    settings: { nlp: { languages, autoSave: false, log: false, nlu: { log: false } } },
    use: ["Basic", ...languages.map((language) => PLUGINS[language])],
  });
  const nlp = dock.get("nlp");

  let began = now();
  for (const { text, label, language } of job.train) nlp.addDocument(language, text, label);
  await nlp.train();
  const train = { seconds: (now() - began) / 1000, megabytes: process.resourceUsage().maxRSS / 1024 };
  fs.writeFileSync(path.join(folder, "train.json"), JSON.stringify(train));

  const knowsForeign = job.train.some(({ label }) => label === OUT_OF_SCOPE);
  const ask = async (language, text) =>
    answerOf(await nlp.process(language, text), knowsForeign);
  for (const { text, language } of job.train.slice(0, WARM_UP)) await ask(language, text);
  const parts = {};
  for (const { name, language, inside, outside, spoilt } of job.parts) {
    const part = { inside: [], outside: [], milliseconds: [], spoilt: {} };
    for (const { text } of inside) {
      began = now();
      part.inside.push(await ask(language, text));
      part.milliseconds.push(now() - began);
    }
    for (const text of outside) part.outside.push(await ask(language, text));
    for (const [variant, texts] of Object.entries(spoilt)) {
      part.spoilt[variant] = [];
      for (const text of texts) part.spoilt[variant].push((await ask(language, text)).label);
    }
    parts[name] = part;
  }
  // trained and asked in one process, so there is nothing to load
  const served = { load_seconds: null, megabytes: process.memoryUsage().rss / 2 ** 20, parts };
  fs.writeFileSync(path.join(folder, "answer.json"), JSON.stringify(served));
}

main(process.argv[2]).catch((error) => {
  console.error(error);
  process.exit(1);
});
