"""tiski/nlu/linear.py: the model, and its way to disk and back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tiski.nlu.linear import LinearTextModel

EXAMPLES = {
    "hours": ["milloin olette auki", "mihin aikaan te avaatte", "when are you open"],
    "parking": ["mihin voi pysäköidä", "where can i park", "onko parkkipaikkaa"],
    "book": ["haluan varata ajan", "varataan aika", "i want to book a time"],
}
TEXTS = [text for texts in EXAMPLES.values() for text in texts]
LABELS = [label for label, texts in EXAMPLES.items() for _ in texts]
NEW = ["olettekos auki", "parking?", "aika", "", "xyzzy 👍"]


def new_model(words: list[int] | None = None) -> LinearTextModel:
    return LinearTextModel([2, 4], words, 20.0, 42, probable=True)


@pytest.mark.parametrize("words", [None, [1, 2]])
def test_a_model_that_was_read_back_says_the_same(tmp_path: Path, words: list[int] | None) -> None:
    fitted = new_model(words).fit(TEXTS, LABELS)
    fitted.save(tmp_path)
    read = new_model(words).read(tmp_path)
    assert read.classes == fitted.classes == ["book", "hours", "parking"]
    np.testing.assert_allclose(read.probabilities(NEW), fitted.probabilities(NEW), atol=1e-6)


def test_two_languages_are_enough(tmp_path: Path) -> None:
    fitted = new_model().fit(["hei vaan", "moi", "hello", "good day"], ["fi", "fi", "en", "en"])
    fitted.save(tmp_path)
    read = new_model().read(tmp_path)
    assert read.probabilities(["moikka"])[0].argmax() == read.classes.index("fi")
    np.testing.assert_allclose(read.probabilities(NEW), fitted.probabilities(NEW), atol=1e-6)


def test_two_fits_are_equal() -> None:
    first, second = (new_model([1, 2]).fit(TEXTS, LABELS) for _ in range(2))
    np.testing.assert_array_equal(first.probabilities(NEW), second.probabilities(NEW))


def test_probabilities_are_probabilities_and_right_on_what_was_learnt() -> None:
    model = new_model([1, 2]).fit(TEXTS, LABELS)
    table = model.probabilities(TEXTS)
    np.testing.assert_allclose(table.sum(axis=1), 1.0)
    assert [model.classes[i] for i in table.argmax(axis=1)] == LABELS


def test_what_is_saved_is_plain_data(tmp_path: Path) -> None:
    new_model().fit(TEXTS, LABELS).save(tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["ngrams.json", "ngrams.npz"]
    with np.load(tmp_path / "ngrams.npz", allow_pickle=False) as arrays:
        assert {array.dtype.kind for array in arrays.values()} == {"f"}


def test_a_support_vector_machine_says_how_far_on_whose_side() -> None:
    model = LinearTextModel([2, 4], [1, 2], 1.0, 42).fit(TEXTS, LABELS)
    table = model.margins(TEXTS)
    assert table.shape == (len(TEXTS), 3)
    assert [model.classes[i] for i in table.argmax(axis=1)] == LABELS
    two = LinearTextModel([2, 4], None, 1.0, 42).fit(TEXTS[:6], LABELS[:6])
    margins = two.margins(TEXTS[:6])
    np.testing.assert_array_equal(margins[:, 0], -margins[:, 1])
    assert [two.classes[i] for i in margins.argmax(axis=1)] == LABELS[:6]


def test_margins_apart_are_those_of_a_model_that_saw_only_some() -> None:
    """Only the weights of n-grams differ: those were counted over all texts."""
    model = LinearTextModel([2, 4], [1, 2], 1.0, 42)
    features = model.learn_features(TEXTS)
    seen, unseen = np.array([0, 1, 3, 4, 6, 7]), np.array([2, 5, 8])
    apart, classes = model.margins_apart(features, LABELS, seen, unseen)
    assert classes == ["book", "hours", "parking"]
    assert apart.shape == (3, 3)
    # what no seen text has says nothing: the intercepts are left
    alone = LinearTextModel([2, 4], [1, 2], 1.0, 42)
    features = alone.learn_features([*TEXTS, "qqq qq"])
    labels = [*LABELS, "book"]
    nothing, _ = alone.margins_apart(features, labels, np.arange(9), np.array([9]))
    fitted = LinearTextModel([2, 4], [1, 2], 1.0, 42).fit_features(
        [matrix[:9] for matrix in features], LABELS
    )
    np.testing.assert_allclose(nothing[0], fitted._classifier.intercept_, atol=1e-9)
