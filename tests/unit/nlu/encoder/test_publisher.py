"""tiski/nlu/encoder/publisher.py: a folder that the owner downloaded, and what can be wrong in it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper, numpy_helper

from tiski.nlu.encoder.packed import WeightsError
from tiski.nlu.encoder.pieces import END, UNKNOWN, piece_model
from tiski.nlu.encoder.published import NETWORK, PIECES, name_of
from tiski.nlu.encoder.publisher import PublisherEncoder

SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
WORDS = ["▁moi", "▁aika", "▁", "a", "i", "k", "m", "o"]
WIDTH = 3
TABLE = np.arange((len(SPECIAL) + len(WORDS)) * WIDTH, dtype=np.float32).reshape(-1, WIDTH) + 1


def network(inputs: list[str], *, pooled: bool = False) -> bytes:
    """A network that looks its input up in TABLE, with the names of the publisher's."""
    nodes = [helper.make_node("Gather", ["table", inputs[0]], ["last_hidden_state"])]
    shape: list[str | int] = ["batch_size", "sequence_length", WIDTH]
    output = "last_hidden_state"
    if pooled:
        output, shape = "pooled", ["batch_size", WIDTH]
        nodes.append(
            helper.make_node("ReduceMean", ["last_hidden_state"], [output], axes=[1], keepdims=0)
        )
    graph = helper.make_graph(
        nodes,
        "tiny",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch_size", "length"])
            for name in inputs
        ],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(TABLE, "table")],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    saved: bytes = made.SerializeToString()
    return saved


PUBLISHED = network(["input_ids", "attention_mask", "token_type_ids"])


def pieces(words: Iterable[str]) -> bytes:
    return piece_model([*((name, 0.0) for name in SPECIAL), *((name, -1.0) for name in words)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / NETWORK).write_bytes(PUBLISHED)
    (tmp_path / PIECES).write_bytes(pieces(WORDS))
    return tmp_path


def mean(numbers: list[int]) -> np.ndarray:
    row = TABLE[numbers].mean(axis=0)
    unit: np.ndarray = row / np.linalg.norm(row)
    return unit


def test_the_mean_of_the_pieces(folder: Path) -> None:
    encoder = PublisherEncoder(folder)
    assert encoder.width == WIDTH
    rows = encoder.encode(["Moi aika", "moi", "", "moi 你"])
    # XLM-RoBERTa's numbers: the marks, and the pieces in the order of the list
    np.testing.assert_allclose(rows[0], mean([0, 4, 5, END]), rtol=1e-5)
    np.testing.assert_allclose(rows[1], mean([0, 4, END]), rtol=1e-5)
    np.testing.assert_allclose(rows[2], mean([0, END]), rtol=1e-5)
    np.testing.assert_allclose(rows[3], mean([0, 4, 6, UNKNOWN, END]), rtol=1e-5)
    assert encoder.encode([]).shape == (0, WIDTH)


def test_some_exports_have_fewer_inputs(folder: Path) -> None:
    (folder / NETWORK).write_bytes(network(["input_ids", "attention_mask"]))
    np.testing.assert_allclose(
        PublisherEncoder(folder).encode(["moi"])[0], mean([0, 4, END]), rtol=1e-5
    )


def test_a_name_for_each_network_and_its_pieces(folder: Path) -> None:
    """A model works with the encoder that it was trained with."""
    first = PublisherEncoder(folder).name
    assert first == PublisherEncoder(folder).name == name_of(folder)
    (folder / NETWORK).write_bytes(network(["input_ids", "attention_mask"]))
    second = PublisherEncoder(folder).name
    (folder / PIECES).write_bytes(pieces(reversed(WORDS)))
    assert len({first, second, PublisherEncoder(folder).name}) == 3


@pytest.mark.parametrize("name", [NETWORK, PIECES])
def test_a_name_for_all_of_a_file(tmp_path: Path, name: str) -> None:
    """Two fine-tunings of one network may begin alike for many megabytes."""
    contents = {NETWORK: bytearray(3 << 20), PIECES: bytearray(2 << 20)}
    names = set()
    for place in (None, 0, len(contents[name]) // 2, -1):
        for file, content in contents.items():
            written = bytearray(content)
            if file == name and place is not None:
                written[place] = 1
            (tmp_path / file).write_bytes(written)
        names.add(name_of(tmp_path))
    assert len(names) == 4


def test_what_moves_from_one_file_to_the_other_is_another_name(tmp_path: Path) -> None:
    names = set()
    for cut in range(4):
        (tmp_path / NETWORK).write_bytes(b"abc"[:cut])
        (tmp_path / PIECES).write_bytes(b"abc"[cut:])
        names.add(name_of(tmp_path))
    assert len(names) == 4


@pytest.mark.parametrize("name", [NETWORK, PIECES])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(WeightsError, match="no such file") as wrong:
        PublisherEncoder(folder)
    assert str(folder / name) in str(wrong.value)


@pytest.mark.parametrize("name", [NETWORK, PIECES])
@pytest.mark.parametrize("content", [b"", b"<html>404</html>", PUBLISHED[:100]])
def test_a_broken_file_names_the_folder(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    with pytest.raises(WeightsError) as wrong:
        PublisherEncoder(folder)
    assert str(folder) in str(wrong.value)


@pytest.mark.parametrize(
    "other",
    [network(["ids", "attention_mask"]), network(["input_ids"], pooled=True)],
    ids=["other inputs", "other output"],
)
def test_another_network_is_refused(folder: Path, other: bytes) -> None:
    (folder / NETWORK).write_bytes(other)
    with pytest.raises(WeightsError, match="expected input_ids and a vector for each") as wrong:
        PublisherEncoder(folder)
    assert str(folder / NETWORK) in str(wrong.value)
