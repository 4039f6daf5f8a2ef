"""The encoder's network as an ONNX graph, made from the packed weights.

multilingual-e5-small is a BERT of 12 layers, 384 wide (Wang et al. 2024, arXiv:2402.05672). The
graph takes the vectors of the word pieces, with their places added, and gives the mean of the
pieces after some of the layers: early layers know more of words, the last of meaning, and a
classifier wants both (docs/understanding.md).

Matrices are quantised to 8 bits, each column by itself, symmetrically; what flows through the
network is quantised as it comes (onnxruntime's DynamicQuantizeMatMul). onnxruntime's own tool does
the same to a file, in ten times the time.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tiski.nlu.encoder.names import PROBE_WIDTH, SENTENCE, TOKENS
from tiski.nlu.encoder.packed import PackedWeights

_MIDDLE = 128  # the byte that stands for zero


class _Graph:
    """Collects nodes and constants."""

    def __init__(self, signed: bool = False) -> None:
        self.signed = signed
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, **settings: Any) -> str:
        domain = "com.microsoft" if kind in ("DynamicQuantizeMatMul", "Gelu") else ""
        self.nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **settings))
        return output


def make_network(
    weights: PackedWeights, layers: list[int], *, quantised: bool = True, signed: bool = False
) -> bytes:
    """Return the ONNX file of the network.

    Args:
        layers: after which layers (1 to 12) the mean is taken.
        quantised: False gives 32-bit floats, to measure what quantising costs.
        signed: write bytes as -127 to 127, not as 1 to 255; the numbers are the same. Only for
            processors that multiply them exactly (`signed.py`).
    """
    graph = _Graph(signed)
    width, heads = weights.width, weights.heads
    graph.constant("scale", np.array(1 / np.sqrt(width // heads), np.float32))
    graph.constant("split", np.array([0, 0, heads, width // heads], np.int64))
    graph.constant("joined", np.array([0, 0, width], np.int64))
    graph.constant("pieces", np.array([1], np.int64))
    stream = _normalised(graph, weights, TOKENS, "emb.ln")
    means = []
    for number in range(max(layers)):
        stream = _layer(graph, weights, stream, f"l{number}", quantised)
        if number + 1 in layers:
            means.append(
                graph.node("ReduceMean", [stream, "pieces"], f"mean{number + 1}", keepdims=0)
            )
    graph.node("Concat", means, SENTENCE, axis=0)
    real = TensorProto.FLOAT
    return _file(
        graph,
        "multilingual-e5-small",
        [helper.make_tensor_value_info(TOKENS, real, [1, "pieces", width])],
        [helper.make_tensor_value_info(SENTENCE, real, [len(layers), width])],
    )


def _file(
    graph: _Graph, name: str, inputs: list[onnx.ValueInfoProto], outputs: list[onnx.ValueInfoProto]
) -> bytes:
    made = helper.make_graph(graph.nodes, name, inputs, outputs, graph.constants)
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
    saved: bytes = helper.make_model(made, opset_imports=opsets, ir_version=9).SerializeToString()
    return saved


def _layer(graph: _Graph, weights: PackedWeights, stream: str, name: str, quantised: bool) -> str:
    """Attention, then the two inner matrices; each adds to what came in and is normalised."""

    def linear(tensors: list[str], of: str, output: str) -> str:
        return _linear(
            graph,
            weights,
            [f"{name}.{tensor}" for tensor in tensors],
            of,
            f"{name}.{output}",
            quantised,
        )

    qkv = linear(["q", "k", "v"], stream, "qkv")
    parts = [f"{name}.{part}" for part in "qkv"]
    graph.nodes.append(helper.make_node("Split", [qkv], parts, axis=-1, num_outputs=3))
    for part, order in zip(parts, ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]), strict=True):
        graph.node("Reshape", [part, "split"], f"{part}.split")
        graph.node("Transpose", [f"{part}.split"], f"{part}.heads", perm=order)
    q, k, v = (f"{part}.heads" for part in parts)
    near = graph.node("MatMul", [q, k], f"{name}.near")
    near = graph.node("Mul", [near, "scale"], f"{name}.scaled")
    near = graph.node("Softmax", [near], f"{name}.attention", axis=-1)
    seen = graph.node("MatMul", [near, v], f"{name}.seen")
    seen = graph.node("Transpose", [seen], f"{name}.turned", perm=[0, 2, 1, 3])
    seen = graph.node("Reshape", [seen, "joined"], f"{name}.joined")
    added = graph.node("Add", [stream, linear(["ao"], seen, "out")], f"{name}.sum")
    stream = _normalised(graph, weights, added, f"{name}.aln")
    inner = graph.node("Gelu", [linear(["fi"], stream, "inner")], f"{name}.gelu")
    added = graph.node("Add", [stream, linear(["fo"], inner, "outer")], f"{name}.sum2")
    return _normalised(graph, weights, added, f"{name}.oln")


def _normalised(graph: _Graph, weights: PackedWeights, stream: str, name: str) -> str:
    scale = graph.constant(f"{name}.w", weights.tensor(_stored(name, "w")))
    shift = graph.constant(f"{name}.b", weights.tensor(_stored(name, "b")))
    settings = {"axis": -1, "epsilon": weights.epsilon}
    return graph.node("LayerNormalization", [stream, scale, shift], f"{name}.out", **settings)


def _linear(
    graph: _Graph,
    weights: PackedWeights,
    tensors: list[str],
    stream: str,
    output: str,
    quantised: bool,
) -> str:
    """Multiply by one matrix, or by several side by side, and add what belongs to each."""
    biases = [weights.tensor(_stored(tensor, "b")) for tensor in tensors]
    matrices = [
        weights.tensor(_stored(tensor, "w")).reshape(len(bias), -1)
        for tensor, bias in zip(tensors, biases, strict=True)
    ]
    matrix, bias = np.concatenate(matrices).T, np.concatenate(biases)
    shift = graph.constant(f"{output}.b", bias)
    if not quantised:
        product = graph.node(
            "MatMul", [stream, graph.constant(f"{output}.w", matrix)], f"{output}.product"
        )
        return graph.node("Add", [product, shift], f"{output}.out")
    scales = np.abs(matrix).max(axis=0) / (_MIDDLE - 1)
    whole = np.round(matrix / scales + _MIDDLE).astype(np.uint8)
    zeros = np.full(len(scales), _MIDDLE, np.uint8)
    inputs = [
        stream,
        graph.constant(f"{output}.w", _as_signed(whole) if graph.signed else whole),
        graph.constant(f"{output}.scales", scales.astype(np.float32)),
        graph.constant(f"{output}.zeros", _as_signed(zeros) if graph.signed else zeros),
        shift,
    ]
    return graph.node("DynamicQuantizeMatMul", inputs, f"{output}.out")


def make_probe() -> bytes:
    """Return a network of one matrix of signed bytes, the largest there are: OUT = sum of IN."""
    graph = _Graph(signed=True)
    shape = (PROBE_WIDTH, PROBE_WIDTH)
    inputs = [
        TOKENS,
        graph.constant("w", np.full(shape, _MIDDLE - 1, np.int8)),
        graph.constant("scales", np.full(PROBE_WIDTH, 1 / (_MIDDLE - 1), np.float32)),
        graph.constant("zeros", np.zeros(PROBE_WIDTH, np.int8)),
    ]
    graph.node("DynamicQuantizeMatMul", inputs, SENTENCE)
    vectors = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["rows", PROBE_WIDTH])
        for name in (TOKENS, SENTENCE)
    ]
    return _file(graph, "probe", vectors[:1], vectors[1:])


def _as_signed(whole: np.ndarray) -> np.ndarray:
    return (whole.astype(np.int16) - _MIDDLE).astype(np.int8)


def _stored(name: str, what: str) -> str:
    return f"{name}.{what}"
