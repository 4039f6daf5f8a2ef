"""Whether this processor multiplies signed bytes exactly.

onnxruntime is at its fastest with signed matrices: Intel's AMX takes no others in its newer versions
(`platform.cpp` of its MLAS). Older processors, without instructions for 8 bits (VNNI), add two
products in 16 bits on the way, which the largest do not fit into: there the matrices stay unsigned. Where
signed ones are exact both give the same numbers, to the last bit.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tiski.nlu.encoder.engine import open_session
from tiski.nlu.encoder.names import PROBE_WIDTH, TOKENS

_ROWS = (1, 2, 14)  # a single row goes another way through the engine


def signed_is_exact(probe: Path) -> bool:
    """Try the largest products that there are, with the network of `make_probe`."""
    session = open_session(probe)
    sums = [
        session.run(None, {TOKENS: np.ones((rows, PROBE_WIDTH), np.float32)})[0] for rows in _ROWS
    ]
    return all(np.allclose(each, PROBE_WIDTH, rtol=1e-3) for each in sums)
