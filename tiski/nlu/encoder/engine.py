"""Runs a network, one text at a time, on one thread.

Several texts at a time would take a third less of the processor, and give other vectors: where 8
bits are chosen as numbers come, they are chosen for all texts of a batch together. A text's vector
would depend on its neighbours (cosine .995, as far as 32-bit floats are away), and so would a model
on what was trained before. `Remembering` uses the second core instead.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime


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


def unit(rows: np.ndarray) -> np.ndarray:
    """Scale the last axis to length one."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    scaled: np.ndarray = rows / np.maximum(lengths, 1e-9)
    return scaled
