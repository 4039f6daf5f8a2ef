"""tiski/nlu/intent_model.py: n-grams and meaning together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tiski.nlu import intent_model, sentences
from tiski.nlu.decision import OUT_OF_SCOPE
from tiski.nlu.encoder import Encoder
from tiski.nlu.intent_model import IntentModel, IntentSettings
from tiski.nlu.sentences import Lesson, SentenceModel, View

EXAMPLES = {
    "hours": [
        "milloin olette auki",
        "mihin aikaan avaatte",
        "when are you open",
        "when do you close",
    ],
    "parking": ["mihin voi pysäköidä", "where can i park", "onko parkkipaikkaa", "parking?"],
    "book": ["haluan varata ajan", "varataan aika", "i want to book a time", "book a cut"],
    OUT_OF_SCOPE: ["soita musiikkia", "laita valot pois", "tell a joke", "what is the weather"],
}
ROWS = [
    (text, label, "en" if text.isascii() and " " in text and i > 1 else "fi")
    for label, texts in EXAMPLES.items()
    for i, text in enumerate(texts)
]
ASKED = ["olettekos auki", "parking?", "aika", "", "xyzzy 👍", "VARAA AIKA", "moi"]


class Words:
    """An encoder that needs no weights: which of some stems a text has."""

    STEMS = (
        "auk",
        "ava",
        "open",
        "close",
        "park",
        "pysäk",
        "vara",
        "book",
        "aja",
        "joke",
        "hiuks",
        "hei",
    )

    def __init__(self, name: str = "words") -> None:
        self.name, self.width = name, len(self.STEMS)

    def knows(self, word: str) -> bool:
        return False

    def encode(self, texts: list[str]) -> np.ndarray:
        rows = [[float(stem in text) for stem in self.STEMS] for text in texts]
        return np.array(rows, np.float32).reshape(-1, self.width)


def fitted(encoder: Encoder | None = None, rows: list[tuple[str, str, str]] = ROWS) -> IntentModel:
    texts, labels, languages = zip(*rows, strict=True)
    return IntentModel(encoder=encoder).fit(texts, labels, languages)


@pytest.fixture(scope="module")
def model() -> IntentModel:
    return fitted(Words())


@pytest.fixture(scope="module")
def letters() -> IntentModel:
    return fitted(None)


@pytest.mark.parametrize("name", ["model", "letters"])
def test_probabilities_are_probabilities(name: str, request: pytest.FixtureRequest) -> None:
    made = request.getfixturevalue(name)
    table = made.probabilities(ASKED)
    assert table.shape == (len(ASKED), 4)
    np.testing.assert_allclose(table.sum(axis=1), 1)
    assert (table >= 0).all()
    assert made.probabilities([]).shape == (0, 4)


def test_what_was_learnt_is_known(model: IntentModel) -> None:
    table = model.probabilities([text for text, _, _ in ROWS])
    assert [model.classes[i] for i in table.argmax(axis=1)] == [label for _, label, _ in ROWS]


def test_case_makes_no_difference(model: IntentModel) -> None:
    lower, upper = model.probabilities(["mihin voi pysäköidä", "MIHIN VOI PYSÄKÖIDÄ"])
    np.testing.assert_array_equal(lower, upper)


def test_neighbours_make_no_difference(model: IntentModel) -> None:
    alone = np.vstack([model.probabilities([text]) for text in ASKED])
    # one row and many are multiplied by different routines; vectors are in single precision
    np.testing.assert_allclose(model.probabilities(ASKED), alone, atol=1e-6)


def test_two_fits_are_equal(model: IntentModel) -> None:
    """Two threads fit; what they draw must not depend on which of them is faster."""
    for _ in range(3):
        again = fitted(Words())
        np.testing.assert_array_equal(again.probabilities(ASKED), model.probabilities(ASKED))
        assert again.thresholds() == model.thresholds()


def test_a_model_that_was_read_back_says_the_same(model: IntentModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    read = IntentModel(encoder=Words()).read(tmp_path)
    assert read.uses_encoder
    assert read.classes == model.classes
    assert read.thresholds() == model.thresholds()
    np.testing.assert_allclose(read.probabilities(ASKED), model.probabilities(ASKED), atol=1e-5)
    again = IntentModel(encoder=Words()).read(tmp_path)
    np.testing.assert_array_equal(again.probabilities(ASKED), read.probabilities(ASKED))


@pytest.mark.parametrize("encoder", [None, Words("of another version")])
def test_without_its_encoder_n_grams_serve(
    model: IntentModel, letters: IntentModel, tmp_path: Path, encoder: Encoder | None
) -> None:
    """As well as a model that never had one, and with thresholds of their own."""
    model.save(tmp_path)
    read = IntentModel(encoder=encoder).read(tmp_path)
    assert model.uses_encoder and not read.uses_encoder
    np.testing.assert_allclose(read.probabilities(ASKED), letters.probabilities(ASKED), atol=1e-5)
    assert read.thresholds() == letters.thresholds() != model.thresholds()


@pytest.mark.parametrize(
    ("encoder", "here"),
    [
        (None, "there is none here"),
        (Words("of another version"), "of another version is here"),
    ],
)
def test_another_encoder_than_it_was_trained_with_is_told_in_one_line(
    model: IntentModel,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    encoder: Encoder | None,
    here: str,
) -> None:
    model.save(tmp_path)
    read = IntentModel(encoder=encoder).read(tmp_path)
    read.probabilities(ASKED)
    (line,) = caplog.messages
    assert line == (
        f"The model was trained with the sentence encoder words and {here}:"
        " understanding by n-grams only. Train with what is here: ./scripts/train"
    )


def test_nothing_is_told_of_the_encoder_it_was_trained_with(
    model: IntentModel, letters: IntentModel, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for made, encoder in ((model, Words()), (letters, None), (letters, Words())):
        made.save(tmp_path)
        IntentModel(encoder=encoder).read(tmp_path)
    assert caplog.messages == []


def test_n_grams_alone_can_be_asked(model: IntentModel, letters: IntentModel) -> None:
    """The encoder computes nothing then, and they say what they say where there is none."""
    encoder = model.encoder
    model.encoder = None
    without = model.probabilities(ASKED)
    model.encoder = encoder
    found = model.probabilities(ASKED, meaning=False)
    np.testing.assert_array_equal(found, without)
    np.testing.assert_allclose(found, letters.probabilities(ASKED), atol=1e-5)
    assert not np.allclose(found, model.probabilities(ASKED))


def test_thresholds_for_each_language_and_for_all(model: IntentModel) -> None:
    assert sorted(model.thresholds()) == ["", "en", "fi"]
    bare = IntentModel().fit([text for text, _, _ in ROWS], [label for _, label, _ in ROWS])
    assert sorted(bare.thresholds()) == [""]


@pytest.mark.parametrize("encoder", [None, Words()])
def test_a_label_with_one_example(encoder: Encoder | None) -> None:
    """It takes no part in cross-validation, with and without umlauts, and is known all the same."""
    made = fitted(encoder, [*ROWS, ("värjäys hiuksiin", "colour", "fi"), ("hei", "greet", "fi")])
    best = made.probabilities(["värjäys hiuksiin", "varjays hiuksiin", "hei"]).argmax(axis=1)
    assert [made.classes[i] for i in best] == ["colour", "colour", "greet"]


@pytest.mark.parametrize("encoder", [None, Words()])
@pytest.mark.parametrize("count", [1, 2, 4])
def test_two_labels(encoder: Encoder | None, count: int, tmp_path: Path) -> None:
    rows = [row for label in ("hours", "book") for row in ROWS if row[1] == label]
    rows = [*rows[:count], *rows[4 : 4 + count]]
    made = fitted(encoder, rows)
    table = made.probabilities([text for text, _, _ in rows])
    np.testing.assert_allclose(table.sum(axis=1), 1)
    assert [made.classes[i] for i in table.argmax(axis=1)] == [label for _, label, _ in rows]
    made.save(tmp_path)
    read = IntentModel(encoder=encoder).read(tmp_path)
    np.testing.assert_allclose(read.probabilities(ASKED), made.probabilities(ASKED), atol=1e-5)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_few_examples_of_each(count: int) -> None:
    """A small business begins so."""
    rows = [row for start in range(0, len(ROWS), 4) for row in ROWS[start : start + count]]
    made = fitted(Words(), rows)
    assert made.probabilities(ASKED).shape == (len(ASKED), 4)
    assert 0 <= made.thresholds()[""].sure <= 1


def test_each_example_is_tried_once_by_a_model_that_has_not_seen_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [
        (f"{word} {number} pöytä", word, "fi") for word in ("yksi", "muu") for number in range(9)
    ]
    learnt: list[set[str]] = []

    class Watched(Lesson):
        def fit_part(self, seen: np.ndarray) -> SentenceModel:
            learnt.append({texts[row] for row in seen})
            return super().fit_part(seen)

    texts = [text for text, _, _ in rows]
    monkeypatch.setattr(intent_model, "Lesson", Watched)
    made = IntentModel(IntentSettings(folds=3), Words()).fit(*zip(*rows, strict=True))
    assert len(learnt) == 3
    # every example is left out of one of them, and judged once
    assert sorted(text for one in learnt for text in set(texts) - one) == sorted(texts)
    assert len(made.judged) == len(rows)


class Meanings(Words):
    """Each word has a direction of its own; a text goes where its words go."""

    def encode(self, texts: list[str]) -> np.ndarray:
        rows = np.zeros((len(texts), 64), np.float32)
        for row, text in enumerate(texts):
            for word in text.split():
                rows[row] += np.random.default_rng(list(word.encode())).normal(size=64)
        return rows


def test_with_few_examples_the_name_of_an_intent_says_what_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [
        (text, label, "fi")
        for label, texts in {
            "faq/pets_inside": ["saako koira tulla", "kissa mukaan"],
            "faq/long_wait": ["kauanko jonotan", "odotus tänään"],
            "faq/gift_cards": ["ostaisin kortin", "lahjaksi äidille"],
        }.items()
        for text in texts
    ]
    asked = ["pets inside", "long wait", "gift cards"]
    meant = ["faq/pets_inside", "faq/long_wait", "faq/gift_cards"]

    def right() -> int:
        made = fitted(Meanings(), rows)
        guesses = made.probabilities(asked).argmax(axis=1)
        return sum(made.classes[i] == label for i, label in zip(guesses, meant, strict=True))

    assert right() == 3
    monkeypatch.setattr(intent_model, "_NAMES_OF_FEW", 0)
    assert right() < 3


def test_with_many_examples_the_model_that_was_tried_is_asked_as_well(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sentences, "FEW", 5)
    monkeypatch.setattr(intent_model, "FEW", 5)
    fits = []

    class Counted(SentenceModel):
        def fit(self, *given: Any, **named: Any) -> SentenceModel:
            fits.append(len(given[0]))
            return super().fit(*given, **named)

    monkeypatch.setattr(sentences, "SentenceModel", Counted)
    made = fitted(Words())
    assert len(fits) == 2 and min(fits) < max(fits) == len(ROWS)
    made.save(tmp_path)
    read = IntentModel(encoder=Words()).read(tmp_path)
    np.testing.assert_allclose(read.probabilities(ASKED), made.probabilities(ASKED), atol=1e-5)


def test_a_model_that_misses_an_intent_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """With one example of an intent, the model of a part has not heard of it."""
    monkeypatch.setattr(sentences, "FEW", 5)
    monkeypatch.setattr(intent_model, "FEW", 5)
    rows = [*ROWS, ("hiukset kotiin", "delivery", "fi")]
    made = fitted(Words(), rows)
    [row] = made.probabilities(["hiukset kotiin"])
    assert made.classes[int(row.argmax())] == "delivery"


def test_models_of_other_intents_are_not_joined() -> None:
    rows = np.eye(4, dtype=np.float32)
    view = View.of(rows)
    one = SentenceModel(1).fit(rows, ["a", "a", "b", "b"], view, few=False)
    other = SentenceModel(1).fit(rows, ["a", "a", "c", "c"], view, few=False)
    with pytest.raises(ValueError, match="labels"):
        one.join(other)


def test_a_network_of_the_components_answers_for_whole_vectors() -> None:
    """What is learnt from few of the numbers is kept as weights for all of them."""
    chance = np.random.default_rng(1)
    labels = ["a", "b", "c"] * 60
    rows = chance.normal(size=(180, 30)).astype(np.float32)
    rows[:, 3:] *= 0.01  # noise; the labels lie in the first three
    rows[np.arange(180), np.arange(180) % 3] += 6
    view = View.of(rows, 3)
    scaled = (rows - view.mean) / view.spread
    assert view.turned(scaled).shape == (180, 3)
    assert np.mean(view.turned(scaled) ** 2) == pytest.approx(1, rel=1e-3)
    weights = chance.normal(size=(3, 5)).astype(np.float32)
    np.testing.assert_allclose(
        scaled @ view.unturned(weights), view.turned(scaled) @ weights, atol=1e-4
    )
    made = SentenceModel(1).fit(rows, labels, view, few=False)
    [opinions] = made.opinions(rows)
    right = [
        made.classes[best] == label for best, label in zip(opinions.argmax(1), labels, strict=True)
    ]
    assert np.mean(right) > 0.9
