"""A pipeline of Rasa, trained and asked through Rasa's own doors."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from tiski.bench.nlu.answers import FALLBACK, SURE, Answer, in_scope
from tiski.bench.nlu.sets import OUT_OF_SCOPE, Example

if TYPE_CHECKING:
    from rasa.core.agent import Agent

_FALLBACK = "nlu_fallback"
# In place of the slash of `faq/parking`, where a pipeline must see a label and not a question
_FLAT = "__"
_DATA = "nlu.json"
EPOCHS = "TISKI_BENCH_EPOCHS"  # how long networks learn, where it is not as their file says


class RasaPipeline:
    """A file of `tests/configs/` as a candidate.

    Args:
        config: the pipeline's file.
        flat: hand over questions as intents of their own, to a pipeline that has no
            ResponseSelector and whose classifier does not know of questions.
    """

    def __init__(self, config: Path, *, flat: bool = False) -> None:
        self._config, self._flat = config, flat

    def train(self, examples: list[Example], folder: Path) -> None:
        """Train with no cache.

        Raises:
            RuntimeError: Rasa made no model.
        """
        _quiet()
        os.environ["RASA_CACHE_DIRECTORY"] = str(folder / "cache")
        from rasa.model_training import train_nlu

        # a copy: Rasa writes an assistant_id into the file that it is given
        config = folder / "config.yml"
        shutil.copyfile(self._config, config)
        if os.environ.get(EPOCHS):
            _set_epochs(config, int(os.environ[EPOCHS]))
        data = folder / _DATA
        data.write_text(json.dumps(_as_rasa(examples, self._flat)), encoding="utf-8")
        made = train_nlu(str(config), str(data), str(folder), fixed_model_name="bench")
        if made is None:
            raise RuntimeError(f"{self._config.name}: Rasa made no model")

    def load(self, folder: Path) -> LoadedPipeline:
        """Load the model that `train` has made."""
        _quiet()
        from rasa.core.agent import Agent

        learnt = json.loads((folder / _DATA).read_text(encoding="utf-8"))["rasa_nlu_data"]
        foreign = any(one["intent"] == OUT_OF_SCOPE for one in learnt["common_examples"])
        agent = Agent.load(str(folder / "bench.tar.gz"))
        return LoadedPipeline(agent, flat=self._flat, knows_foreign=foreign)


class LoadedPipeline:
    """Answers with a loaded model, one message after the other as a desk does.

    Args:
        knows_foreign: whether it has learnt the label `out_of_scope`.
    """

    def __init__(self, agent: Agent, *, flat: bool, knows_foreign: bool) -> None:
        self._agent = agent
        self._settings = {"flat": flat, "knows_foreign": knows_foreign}
        self._loop = asyncio.new_event_loop()

    def answer(self, texts: list[str]) -> list[Answer]:
        """Parse each text."""
        parse = self._agent.parse_message
        return [
            answer_of(self._loop.run_until_complete(parse(text)), **self._settings)
            for text in texts
        ]


def answer_of(parsed: dict[str, Any], *, flat: bool = False, knows_foreign: bool = False) -> Answer:
    """Read an answer from what Rasa's parse gives; label and scores are those before the fallback."""
    intent = parsed["intent"]
    refused = intent["name"] in (None, _FALLBACK, OUT_OF_SCOPE)
    decision = parsed.get("decision") or (FALLBACK if refused else SURE)
    # the fallback puts itself first, above the intent that it found too unsure
    ranking = [i for i in [intent, *parsed.get("intent_ranking", ())] if i["name"] != _FALLBACK]
    name: str = (ranking[0]["name"] if ranking else None) or ""
    confidence = float(ranking[0]["confidence"]) if name else 0.0
    inside = [i["confidence"] for i in ranking if i["name"] not in (None, OUT_OF_SCOPE)]
    # a label too unlikely for the ranking counts as nothing
    foreign = [i["confidence"] for i in ranking if i["name"] == OUT_OF_SCOPE]
    outside = float(max(foreign, default=0.0)) if knows_foreign else None
    score = in_scope(float(max(inside, default=0.0)), outside)
    if flat:
        name = name.replace(_FLAT, "/")
    elif name in parsed.get("response_selector", {}).get("all_retrieval_intents", ()):
        name = _question(parsed["response_selector"], name)
    return Answer(name, confidence, score, decision)


def _question(selector: dict[str, Any], intent: str) -> str:
    """The full name of the question; Rasa's own selector files it under "default"."""
    found = selector.get(intent) or selector["default"]
    key: str = found["response"]["intent_response_key"] or intent
    return key


def _as_rasa(examples: list[Example], flat: bool) -> dict[str, Any]:
    """Rasa's format in JSON: a text stays as it is, whatever signs are in it."""
    rows = [
        {
            "text": example.text,
            "intent": example.label.replace("/", _FLAT) if flat else example.label,
            "intent_metadata": {"language": example.language},
        }
        for example in examples
    ]
    return {"rasa_nlu_data": {"common_examples": rows}}


def _set_epochs(config: Path, epochs: int) -> None:
    yaml = YAML()
    content = yaml.load(config.read_text(encoding="utf-8"))
    for component in content["pipeline"]:
        if "epochs" in component:
            component["epochs"] = epochs
    with config.open("w", encoding="utf-8") as file:
        yaml.dump(content, file)


def _quiet() -> None:
    """Rasa warns of each message whose answer is not in the data; there are none in the bench."""
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
