"""Runs a network on one thread, and on several texts at a time where there are several."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import onnxruntime

_AT_ONCE = 16  # texts of like length; more are no faster and take more memory


def open_session(network: bytes | Path, threads: int = 1) -> onnxruntime.InferenceSession:
    """Load a network.

    One thread: a turn takes one core, and without a pool of threads a forked child cannot wait for
    threads that it does not have.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # memory of one long message is given back, not kept for the next
    options.enable_cpu_mem_arena = False
    source = str(network) if isinstance(network, Path) else network
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def in_batches(
    sequences: Sequence[list[int]], run: Callable[[list[list[int]]], np.ndarray], width: int
) -> np.ndarray:
    """Run sequences of like length together; return a row for each, in their order."""
    result = np.zeros((len(sequences), width), np.float32)
    by_length = sorted(range(len(sequences)), key=lambda index: len(sequences[index]))
    for places in _slices(by_length):
        result[places] = run([sequences[place] for place in places])
    return result


def _slices(places: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(places), _AT_ONCE):
        yield places[start : start + _AT_ONCE]


def unit(rows: np.ndarray) -> np.ndarray:
    """Scale the last axis to length one."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    scaled: np.ndarray = rows / np.maximum(lengths, 1e-9)
    return scaled
