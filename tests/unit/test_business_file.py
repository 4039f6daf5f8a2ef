"""Files that are no page at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from business_page import BASE, load, problems

from tiski.business import BusinessError, load_business
from tiski.business_file import dotted

NOT_YAML = (
    "expected `key: value`, spaces (no tabs) at the start of a line, "
    "and quotes around a text with a colon or a hash"
)


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("", ": the file is empty – expected the page of a business, name: and so on"),
        ("# later\n", ": the file is empty – expected the page of a business, name: and so on"),
        ("- a\n- b\n", ":1: no keys – expected lines such as name: …"),
        ("name: a: b\n", f":1: not valid YAML (mapping values are not allowed here) – {NOT_YAML}"),
        ("a: 1\n\tb: 2\n", ":2: not valid YAML (found character '\\t' that cannot start any token)"
         f" – {NOT_YAML}"),
        ("a: &a\n  b: *a\n", f": not valid YAML (a part of it contains itself) – {NOT_YAML}"),
        ("a: [1\nb: 2\n", f":2: not valid YAML (expected ',' or ']', but got ':') – {NOT_YAML}"),
        ("a: 1\nb: p\xe4iv\xe4\n".encode("latin-1"),
         ":2: not UTF-8 (byte 0xe4) – expected the file saved as UTF-8"),
        ("a: \0\n", f": not valid YAML (unacceptable character #x0000: special characters are not allowed) – {NOT_YAML}"),
    ],
)  # fmt: skip
def test_files_that_are_no_page(tmp_path: Path, page: str | bytes, expected: str) -> None:
    assert problems(tmp_path, page) == [f"business.yml{expected}"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BusinessError, match=r"gone\.yml: no such file – expected the page"):
        load_business(tmp_path / "gone.yml")
    with pytest.raises(BusinessError, match=r"cannot be read \(Is a directory\) – expected a file"):
        load_business(tmp_path)


def test_a_mark_at_the_start_that_some_editors_write(tmp_path: Path) -> None:
    assert load(tmp_path, b"\xef\xbb\xbf" + BASE.encode()).bot_name == "Apu"


def test_paths_count_from_one() -> None:
    assert dotted(("services", "haircut", "staff", 0)) == "services.haircut.staff[1]"
