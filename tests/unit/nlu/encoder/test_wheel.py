"""tiski/nlu/encoder/wheel.py: the pinned encoder, and what it says of real sentences."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from tiski.nlu.encoder import CACHE, WeightsError
from tiski.nlu.encoder.engine import open_session
from tiski.nlu.encoder.names import PROBE_WIDTH, TOKENS
from tiski.nlu.encoder.network import make_probe
from tiski.nlu.encoder.pieces import GLANCE, WHOLE
from tiski.nlu.encoder.signed import signed_is_exact
from tiski.nlu.encoder.wheel import WheelEncoder
from tiski.paths import ROOT

# Each pair says one thing; no two pairs say the same.
TWINS = [
    ("Mihin aikaan menette kiinni?", "What time do you close?"),
    ("Missä mun paketti on?", "Where is my parcel?"),
    ("Voinko maksaa kortilla?", "Can I pay by card?"),
    ("Onko teillä pysäköintiä?", "Do you have parking?"),
    ("Haluan puhua ihmisen kanssa", "I want to talk to a human"),
    ("Väri meni pieleen, olen pettynyt", "The colour went wrong, I am disappointed"),
]


def cosines(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    lengths = np.linalg.norm(left, axis=1)[:, None] * np.linalg.norm(right, axis=1)
    table: np.ndarray = left @ right.T / lengths
    return table


def test_a_sentence_lies_nearest_to_its_own_translation(encoder: WheelEncoder) -> None:
    finnish, english = (encoder.encode(list(side)) for side in zip(*TWINS, strict=True))
    near = cosines(finnish, english)
    assert near.argmax(axis=1).tolist() == list(range(len(TWINS)))
    assert near.argmax(axis=0).tolist() == list(range(len(TWINS)))


def test_a_row_holds_three_means_of_length_one(encoder: WheelEncoder) -> None:
    rows = encoder.encode(["moi", "varaisin ajan huomiseksi"])
    assert rows.shape == (2, encoder.width) == (2, 3 * 384)
    assert rows.dtype == np.float32
    lengths = np.linalg.norm(rows.reshape(2, 3, -1), axis=2)
    np.testing.assert_allclose(lengths, 1, atol=1e-5)


def test_nothing_and_no_text_at_all(encoder: WheelEncoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.width)
    assert np.isfinite(encoder.encode(["", " ", "\0"])).all()


@pytest.mark.parametrize("text", ["Värjäys ensi lauantaina", "Häikäisevä", "When are you open?"])
def test_case_and_composition_make_no_difference(encoder: WheelEncoder, text: str) -> None:
    written = [text, text.upper(), unicodedata.normalize("NFD", text), f"  {text}\n"]
    first, *others = encoder.encode(written)
    for other in others:
        np.testing.assert_array_equal(other, first)


def test_neighbours_make_no_difference(encoder: WheelEncoder) -> None:
    """Else a model would depend on the order of its examples, and on what was trained before."""
    texts = [text for pair in TWINS for text in pair]
    together = encoder.encode(texts)
    np.testing.assert_array_equal(together, encoder.encode(texts[::-1])[::-1])
    np.testing.assert_array_equal(together, np.vstack([encoder.encode([text]) for text in texts]))


def test_of_a_long_message_the_beginning_and_the_end_are_read(encoder: WheelEncoder) -> None:
    some = " ".join(f"sana{number}" for number in range(40))
    left_out = [f"{some} {'x ' * 60}{some}", f"{some} {'y ' * 90}{some}"]
    first, second, begins_else, ends_else = encoder.encode(
        [*left_out, f"moi {left_out[0]}", f"{left_out[0]} moi"]
    )
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, begins_else) and not np.array_equal(first, ends_else)


def test_no_more_pieces_are_read_than_said(encoder: WheelEncoder) -> None:
    counts = (1, WHOLE - 2, WHOLE - 1, 500)
    read = [len(encoder._pieces.numbers("a " * count)) for count in counts]
    assert read == [3, WHOLE, GLANCE, GLANCE]


def test_eight_bits_lie_near_floats(
    encoder: WheelEncoder, weights: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    exact = WheelEncoder(weights, tmp_path_factory.mktemp("fp32"), quantised=False)
    assert exact.name != encoder.name
    texts = [text for pair in TWINS for text in pair]
    near = cosines(encoder.encode(texts), exact.encode(texts)).diagonal()
    assert near.mean() > 0.99
    assert near.min() > 0.97


def test_signed_bytes_give_the_same_numbers(
    encoder: WheelEncoder, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Vectors and models that are kept are good on every processor."""
    probe = tmp_path / "probe.onnx"
    probe.write_bytes(make_probe())
    if not signed_is_exact(probe):
        pytest.skip("this processor does not multiply signed bytes exactly")
    monkeypatch.setattr("tiski.nlu.encoder.wheel.signed_is_exact", lambda _probe: False)
    unsigned = WheelEncoder(weights, tmp_path)
    assert unsigned.name == encoder.name
    texts = ["?", *(text for pair in TWINS for text in pair), "mä varaisin ajan " * 20]
    np.testing.assert_array_equal(unsigned.encode(texts), encoder.encode(texts))


@pytest.mark.parametrize(("share", "exact"), [(1.0, True), (0.51, False)])
def test_what_runs_over_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: float, exact: bool
) -> None:
    """Sums of two products in 16 bits end at 32767 of 64770."""
    probe = tmp_path / "probe.onnx"
    probe.write_bytes(make_probe())
    [whole] = open_session(probe).run(None, {TOKENS: np.ones((1, PROBE_WIDTH), np.float32)})
    # a processor of either kind
    assert np.allclose(whole, PROBE_WIDTH, rtol=1e-3) or whole.max() < 0.52 * PROBE_WIDTH
    given = SimpleNamespace(run=lambda _names, vectors: [share * vectors[TOKENS] * PROBE_WIDTH])
    assert whole.shape == (1, PROBE_WIDTH)
    monkeypatch.setattr("tiski.nlu.encoder.signed.open_session", lambda _probe: given)
    assert signed_is_exact(probe) is exact


def test_two_processes_make_the_cache_at_once(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path;"
        "from tiski.nlu.encoder.packed import installed_weights;"
        "from tiski.nlu.encoder.wheel import WheelEncoder;"
        "encoder = WheelEncoder(installed_weights(), Path(sys.argv[1]));"
        "print(encoder.encode(['moi']).tobytes().hex())"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path / "cache")],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    first, second = (process.communicate(timeout=120)[0] for process in started)
    assert [process.returncode for process in started] == [0, 0]
    assert first == second != ""
    kept = sorted(path.suffix for path in (tmp_path / "cache").iterdir())
    assert kept == [".onnx", ".onnx", ".pieces"]  # network and probe, and nothing unfinished


def test_a_forked_child_does_not_hang(weights: Path) -> None:
    """Rasa's and gunicorn's workers are forks of a process that may have encoded already."""
    program = f"""
import os
from pathlib import Path
from tiski.nlu.encoder.packed import installed_weights
from tiski.nlu.encoder.wheel import WheelEncoder
encoder = WheelEncoder(installed_weights(), Path({str(CACHE)!r}))
before = encoder.encode(["varaisin ajan", "where is my order"]).tobytes()
child = os.fork()
if child == 0:
    same = encoder.encode(["varaisin ajan", "where is my order"]).tobytes() == before
    os._exit(0 if same else 3)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "0"


def test_a_damaged_cache_says_what_to_do(weights: Path, tmp_path: Path) -> None:
    for made in CACHE.glob("e5-small-*-int8-*.*"):
        if made.suffix in (".onnx", ".pieces"):
            (tmp_path / made.name).write_bytes(made.read_bytes()[:1000])
    with pytest.raises(WeightsError, match=f"{tmp_path}: damaged; delete it"):
        WheelEncoder(weights, tmp_path)
