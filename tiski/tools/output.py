"""Standard output for a tool's own lines alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import TextIO


@contextmanager
def only_ours() -> Iterator[TextIO]:
    """Give a stream to standard output; all that libraries print goes to standard error meanwhile.

    Works below Python as well, where TensorFlow's C++ prints. What cannot be written as UTF-8 (half
    a character on the command line) becomes a question mark.
    """
    sys.stdout.flush()
    original = os.dup(1)
    try:
        with open(os.dup(1), "w", encoding="utf-8", errors="replace", newline="\n") as stream:
            os.dup2(2, 1)
            with redirect_stdout(sys.stderr):
                yield stream
    finally:
        sys.stdout.flush()
        os.dup2(original, 1)
        os.close(original)
