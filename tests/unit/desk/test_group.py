"""tiski/desk/group.py: what the processes are told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tiski.desk.group import Group


def test_mails_name_the_staff_page_that_is_served(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("STAFF_URL", raising=False)
    group = Group(Path("model"), staff_port=5006, folder=tmp_path)
    assert group._environment["STAFF_URL"] == "http://localhost:5006/"
    assert Group(Path("model"), folder=tmp_path)._environment["STAFF_URL"] == ""
    monkeypatch.setenv("STAFF_URL", "https://desk.salon.example/")
    assert group._environment["STAFF_URL"] == "https://desk.salon.example/"


def test_the_action_server_listens_to_this_machine_alone_and_runs_without_rasa(
    tmp_path: Path,
) -> None:
    group = Group(Path("model"), folder=tmp_path, actions_port=5100)
    (tmp_path / "run").mkdir()
    written = group._configuration(tmp_path / "run")
    actions = written.partition("[program:actions]")[2].partition("[program:")[0]
    assert "-m rasa_sdk --actions actions --port 5100 --cors http://localhost:5100" in actions
    assert 'SANIC_HOST="127.0.0.1"' in actions
