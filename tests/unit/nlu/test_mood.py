"""tiski/nlu/mood.py: anger and distress, clearly said, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from tiski.nlu.mood import Mood, MoodDetector, mood_of, together
from tiski.nlu.mood_meaning import Meant

ANGRY = [
    "oon niin vihanen teille", "nyt loppu tää pelleily", "kiitos vaan kun hukkasitte mun paketin",
    "hieno homma, kukaan ei vastaa puhelimeen", "MIKSI KUKAAN EI VASTAA", "te ootte huijareita",
    "soitan poliisit", "raivostuttavaa", "you're a disgrace", "worst salon ever",
    "great, another week of waiting, well done", "give me my money back you thieves",
    "i am so pissed off", "this is a scam", "i want my money back now!!!", "how dare you",
]  # fmt: skip
DISTRESSED = [
    "olen ihan paniikissa mun tukan kanssa", "en jaksa enää, itken", "isä kuoli, joudun perumaan",
    "i'm crying, my hair is ruined", "dad passed away, need to cancel", "i'm so scared",
]  # fmt: skip
NEUTRAL = [
    "vittu kun hyvä palvelu", "ihan vitun upea väri", "kiitos odottamisesta", "haluan valittaa",
    "tilaus on väärä", "rahat takaisin palautuksesta?", "odotan yhä pakettia", "HUOMENNA KLO 14",
    "perkele kun unohdin ajan", "voisko joku vastata puhelimeen", "onko Mikko vihainen jos myöhästyn",
    "shit hot haircut", "fuck yeah", "damn i forgot my code", "wrong item in my order",
    "still waiting for my parcel", "I NEED AN APPOINTMENT TOMORROW", "thanks again",
    "varasin ajan mutta en muista milloin", "onko teillä varastossa",
    "booked twice by accident", "tell me a joke",
    "thank you for waiting", "again on friday please", "my dog died laughing", "", "🙂",
]  # fmt: skip


@pytest.mark.parametrize("text", ANGRY)
def test_angry(text: str) -> None:
    assert mood_of(text).name == "angry"


@pytest.mark.parametrize("text", DISTRESSED)
def test_distressed(text: str) -> None:
    assert mood_of(text).name == "distressed"


@pytest.mark.parametrize("text", NEUTRAL)
def test_neutral(text: str) -> None:
    assert mood_of(text).name == "neutral"


def test_somebody_may_be_hurt() -> None:
    assert mood_of("silmä turpoaa umpeen").hurt
    assert mood_of("my eye is swollen from the tint").hurt
    assert not mood_of("olen ihan paniikissa").hurt


def test_thanks_for_a_grievance_are_none_but_patience_rewarded_is() -> None:
    assert mood_of("kiitos tästäkin, kaks viikkoa odotettu").name == "angry"
    assert mood_of("kiitos, kaks viikkoa odotettu ja vihdoin tuli perille").name == "neutral"


def untrained(folder: Path, **config: object) -> MoodDetector:
    """The component of a profile without an encoder: words alone decide."""
    storage = LocalModelStorage(folder)
    return MoodDetector({"encoder": False, **config}, storage, Resource("mood"))


def test_in_the_pipeline(tmp_path: Path) -> None:
    messages = [Message(data={TEXT: text}) for text in ("haista paska", "moi", "/stop")]
    done = untrained(tmp_path).process(messages)
    assert [(m.get("mood") or {}).get("name") for m in done] == ["angry", "neutral", None]
    assert done[0].as_dict(only_output_properties=True)["mood"]["score"] >= 2
    deaf = untrained(tmp_path, threshold=99.0).process([Message(data={TEXT: "haista paska"})])
    assert deaf[0].get("mood")["name"] == "neutral"
    weighed = untrained(tmp_path, weights={"swearing": 2.0}).process(
        [Message(data={TEXT: "perkele"})]
    )
    assert weighed[0].get("mood")["name"] == "angry"


ANGRY_WORDS, NO_WORDS = Mood("angry", 2.0), Mood("neutral", 0.5)
HURT = Mood("distressed", 2.0, hurt=True)


def meant(margin: float) -> Meant:
    return Meant("distressed", margin, is_heard=margin > 1)


@pytest.mark.parametrize(
    ("said", "margin", "ordinary", "heard"),
    [
        (NO_WORDS, 2, False, "distressed"),
        (NO_WORDS, 0, False, "neutral"),
        (NO_WORDS, 2, True, "neutral"),
        (ANGRY_WORDS, 2, True, "angry"),
        (ANGRY_WORDS, -9, False, "angry"),
        (ANGRY_WORDS, -9, True, "angry"),
        (HURT, -9, True, "distressed"),
    ],
)
def test_both_ears(said: Mood, margin: float, ordinary: bool, heard: str) -> None:
    found = together(said, meant(margin), ordinary=ordinary)
    assert (found.name, found.score, found.hurt) == (heard, said.score, said.hurt)


def test_hostile_text_is_read_fast() -> None:
    for part in ("ei ", "!", "a", "vittu", "\u202e", "kiitos ei "):
        assert mood_of(part * 100_000).name
