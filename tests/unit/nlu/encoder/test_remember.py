"""tiski/nlu/encoder/remember.py: nothing is computed twice, and no customer's text is kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tiski.nlu.encoder import remember
from tiski.nlu.encoder.remember import Remembering

EXAMPLES = ["varaa aika", "a book", "peru"]


def kept(folder: Path) -> Path:
    return folder / "counting.examples.npz"


def test_a_message_is_computed_once(counting, tmp_path: Path) -> None:
    encoder = Remembering(counting, tmp_path)
    first = encoder.encode(["Moi", "aika", "moi "])
    again = encoder.encode(["AIKA", "moi", "uusi"])
    assert counting.asked == ["moi", "aika", "uusi"]
    np.testing.assert_array_equal(first, [[3, 0], [4, 2], [3, 0]])
    np.testing.assert_array_equal(again, [[4, 2], [3, 0], [4, 0]])
    assert (encoder.name, encoder.width) == ("counting", 2)


def test_only_the_last_messages_are_remembered(counting, tmp_path: Path) -> None:
    encoder = Remembering(counting, tmp_path, last=3)
    encoder.encode([f"sana {letter}" for letter in "abcdef"])
    assert len(encoder._last) == 3
    encoder.encode(["sana f", "sana a"])
    assert counting.asked[6:] == ["sana a"]


def test_more_messages_at_once_than_are_remembered(counting, tmp_path: Path) -> None:
    texts = ["a", "aa", "b", "bb", "c"]
    rows = Remembering(counting, tmp_path, last=2).encode(texts)
    assert rows[:, 0].tolist() == [1, 2, 1, 2, 1]


def test_a_row_that_is_changed_does_not_change_what_is_remembered(counting, tmp_path: Path) -> None:
    encoder = Remembering(counting, tmp_path)
    encoder.encode(["moi"])[:] = 0
    encoder.encode_examples(["moi"])[:] = 0
    assert encoder.encode(["moi"]).tolist() == [[3, 0]]
    assert encoder.encode_examples(["moi"]).tolist() == [[3, 0]]


def test_examples_outlive_the_process(counting, tmp_path: Path) -> None:
    first = Remembering(counting, tmp_path).encode_examples(EXAMPLES)
    second = Remembering(counting, tmp_path).encode_examples([*EXAMPLES[::-1], "uusi"])
    assert sorted(counting.asked) == sorted([*EXAMPLES, "uusi"])
    np.testing.assert_array_equal(second[:3], first[::-1])


def test_of_many_examples_the_oldest_are_forgotten(
    counting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remember, "_KEPT", len(EXAMPLES))
    encoder = Remembering(counting, tmp_path)
    encoder.encode_examples(EXAMPLES)
    encoder.encode_examples(["uusi", EXAMPLES[0]])
    counting.asked.clear()
    encoder.encode_examples([EXAMPLES[0], *EXAMPLES[2:]])
    assert counting.asked == []
    encoder.encode_examples([EXAMPLES[1]])
    assert counting.asked == [EXAMPLES[1]]


def test_a_small_training_forgets_no_examples(counting, tmp_path: Path) -> None:
    encoder = Remembering(counting, tmp_path)
    encoder.encode_examples(EXAMPLES)
    encoder.encode_examples(["uusi"])
    counting.asked.clear()
    encoder.encode_examples(EXAMPLES)
    assert counting.asked == []


def test_vectors_of_another_width_are_made_anew(counting, tmp_path: Path) -> None:
    np.savez(kept(tmp_path), keys=np.zeros((1, 16), np.uint8), rows=np.zeros((1, 7), np.float16))
    rows = Remembering(counting, tmp_path).encode_examples(["moi"])
    assert rows.shape == (1, 2)


def test_what_customers_write_never_reaches_the_disk(counting, tmp_path: Path) -> None:
    encoder = Remembering(counting, tmp_path)
    encoder.encode(["olen Aino Esimerkki, 045 555 0199"])
    assert list(tmp_path.iterdir()) == []
    encoder.encode_examples(EXAMPLES)
    encoder.encode(["soittakaa numeroon 045 555 0198"])
    assert list(tmp_path.iterdir()) == [kept(tmp_path)]
    with np.load(kept(tmp_path)) as stored:
        assert len(stored["keys"]) == len(EXAMPLES)


def test_examples_need_a_place_only_where_there_is_one(counting, tmp_path: Path) -> None:
    """A cache that cannot be written costs time, not the training."""
    blocked = tmp_path / "file"
    blocked.touch()
    rows = Remembering(counting, blocked / "cache").encode_examples(EXAMPLES)
    assert rows[:, 0].tolist() == [10, 6, 4]


def test_no_texts_have_no_vectors(counting, tmp_path: Path) -> None:
    encoder = Remembering(counting, tmp_path)
    assert encoder.encode([]).shape == encoder.encode_examples([]).shape == (0, 2)


def test_what_a_tool_asks_for_at_each_call_is_computed_at_the_first(
    counting, tmp_path: Path
) -> None:
    for _ in range(2):
        encoder = Remembering(counting, tmp_path)
        with encoder.keeping("held-out"):
            rows = encoder.encode(["Moi", "varaa"])
            rows = np.vstack([rows, encoder.encode(["aika", "moi"])])
        assert rows[:, 0].tolist() == [3, 5, 4, 3] and rows.dtype == np.float32
    assert counting.asked == ["moi", "varaa", "aika"]
    encoder.encode(["asiakas"])
    with np.load(tmp_path / "counting.held-out.npz") as stored:
        assert len(stored["keys"]) == 3, "none of a customer's afterwards"


def test_of_a_tools_messages_only_the_new_are_computed_and_the_old_forgotten(
    counting, tmp_path: Path
) -> None:
    for texts in (["moi", "varaa"], ["moi", "peru"], ["moi", "peru", "varaa"]):
        encoder = Remembering(counting, tmp_path)
        with encoder.keeping("held-out"):
            encoder.encode(texts)
    assert counting.asked == ["moi", "varaa", "peru", "varaa"]


def test_a_tool_that_asks_for_nothing_keeps_nothing(counting, tmp_path: Path) -> None:
    with Remembering(counting, tmp_path).keeping("held-out"):
        pass
    assert list(tmp_path.iterdir()) == []
