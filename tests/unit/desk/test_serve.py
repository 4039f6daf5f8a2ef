"""./scripts/serve as people start it: real processes, free ports, a folder of its own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tiski.desk.group import Group, free_port
from tiski.paths import ROOT

SCRIPTS = sorted(
    path.name
    for path in (ROOT / "scripts").iterdir()
    if os.access(path, os.X_OK) and path.is_file()
)
COPIED = (
    "actions", "data", "scripts", "tiski", "business.yml", "config.yml", "credentials.yml",
    "domain.yml", "endpoints.yml", "rasa_sdk_plugins.py", "requirements.lock",
)  # fmt: skip
OPEN_SECONDS = 400  # it may have to train first
CLOSE_SECONDS = 40
REFUSE_SECONDS = 60


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The environment of a desk that shares nothing with another one."""
    own = {
        "TISKI_VAR": str(tmp_path / "var"),
        "TISKI_REST_TOKEN": "",
        "DATABASE_URL": "",
        "TRACKER_DATABASE_URL": "",
        "STAFF_PASSWORD": "",
        "STAFF_PORT": "",
    }
    rest = {name: value for name, value in os.environ.items() if name != "TISKI_CLOCK_FILE"}
    return {**rest, **own}


def refused(environment: dict[str, str], *options: str, root: Path = ROOT) -> list[str]:
    """Start a desk that must not open; return the lines of what it says about that."""
    done = subprocess.run(
        ["./scripts/serve", *options],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=REFUSE_SECONDS,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return [line for line in done.stderr.splitlines() if line.strip()]


def ports() -> list[str]:
    names = ("--port", "--actions-port", "--staff-port")
    return [part for name in names for part in (name, str(free_port()))]


@pytest.mark.parametrize("option", ["--port", "--actions-port", "--staff-port"])
def test_a_busy_port_is_one_line(environment: dict[str, str], option: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        lines = refused(environment, *ports(), option, str(port))
    assert len(lines) == 1
    assert f"Port {port} is in use" in lines[0] and option in lines[0]


def test_ports_that_cannot_be_are_one_line(environment: dict[str, str]) -> None:
    [line] = refused(environment, *ports(), "--port", "99999")
    assert line == "--port 99999: expected a number from 1 to 65535."
    port = str(free_port())
    [line] = refused(environment, "--port", port, "--actions-port", port)
    assert port in line and "choose two" in line
    [line] = refused(environment, *ports(), "--port", port, "--staff-port", port)
    assert line == f"--port and --staff-port are both {port}; choose two."


def test_settings_of_the_staff_page_that_cannot_be_are_one_line(
    environment: dict[str, str],
) -> None:
    [line] = refused({**environment, "STAFF_PORT": "next"}, "--port", str(free_port()))
    assert line == "STAFF_PORT: 'next'; expected a number from 1 to 65535."
    [line] = refused({**environment, "STAFF_PASSWORD": "aalto"}, *ports())
    assert line == "STAFF_PASSWORD: 5 characters; expected 10 to 200"


def test_a_host_of_twilios_that_cannot_be_is_one_line(environment: dict[str, str]) -> None:
    twilio = {
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "token",
        "SMS_FROM": "Aalto",
        "TWILIO_API_URL": "http://api.dublin.ie1.twilio.com",
    }
    [line] = refused({**environment, **twilio}, *ports())
    assert line.startswith("TWILIO_API_URL: 'http://api.dublin.ie1.twilio.com'; expected https://")


def test_a_broken_page_of_the_business_is_told_line_by_line(
    environment: dict[str, str], tmp_path: Path
) -> None:
    page = (ROOT / "business.yml").read_text(encoding="utf-8")
    broken = tmp_path / "broken.yml"
    broken.write_text(
        page.replace("default_language: fi", "default_language: sv").replace(
            "timezone: Europe/Helsinki", "timezone: Europe/Vaasa"
        ),
        encoding="utf-8",
    )
    lines = refused({**environment, "TISKI_BUSINESS": str(broken)}, *ports())
    assert len(lines) == 2
    assert all("broken.yml" in line for line in lines)
    assert any("default_language" in line for line in lines)
    assert any("timezone" in line for line in lines)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the project, to be broken."""
    root = tmp_path / "project"
    root.mkdir()
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, root / name)
    (root / ".venv").symlink_to(ROOT / ".venv")
    return root


def test_broken_training_data_is_one_line_with_its_place(
    environment: dict[str, str], copy: Path
) -> None:
    greet = copy / "data" / "nlu" / "fi" / "conversation" / "greet.yml"
    line_count = len(greet.read_text(encoding="utf-8").splitlines())
    with greet.open("a", encoding="utf-8") as opened:
        opened.write("\n  wrong: [1, 2\n")
    lines = refused(environment, *ports(), root=copy)
    assert len(lines) == 1
    place = lines[0].split(": ")[0]
    file, number = place.rsplit(":", 1)
    assert file == "data/nlu/fi/conversation/greet.yml"
    assert line_count <= int(number) <= line_count + 3


def test_a_question_without_an_answer_is_one_line_before_any_training(
    environment: dict[str, str], copy: Path
) -> None:
    for language in ("fi", "en"):
        wifi = copy / "data" / "nlu" / language / "faq" / "wifi.yml"
        wifi.write_text(
            f'# faq/wifi: wifi, e.g. "wifi?"\nversion: "3.1"\nnlu:\n  - intent: faq/wifi\n'
            f"    metadata: {{language: {language}}}\n    examples: |\n      - wifi {language}?\n",
            encoding="utf-8",
        )
    assert refused(environment, *ports(), root=copy) == [
        "data/nlu/fi/faq/wifi.yml: faq/wifi: no answer;"
        " expected utter_faq/wifi in data/responses/faq.yml"
    ]
    assert not (copy / "models").exists()


class Open:
    """A desk that was started, and what it said so far."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.port, self.actions_port, self.staff_port = free_port(), free_port(), free_port()
        options = ["--port", str(self.port), "--actions-port", str(self.actions_port)]
        options += ["--staff-port", str(self.staff_port)]
        self.log = Path(environment["TISKI_VAR"]).parent / "serve.log"
        with self.log.open("w", encoding="utf-8") as said:
            self.process = subprocess.Popen(
                ["./scripts/serve", *options],
                cwd=ROOT,
                env=environment,
                stdout=said,
                stderr=subprocess.STDOUT,
            )
        # the same group by name: to ask supervisord for the processes
        self.group = Group(
            Path("unused"), port=self.port, actions_port=self.actions_port, environment=environment
        )

    def pid(self, name: str | None = None) -> int:
        """The process of "rasa", "actions" or "console", or supervisord's own."""
        return int(self.group.control("pid", *([name] if name else [])))

    def say(self, text: str) -> list[str]:
        address = f"http://127.0.0.1:{self.port}/webhooks/rest/webhook"
        answer = httpx.post(address, json={"sender": "s", "message": text}, timeout=60)
        return [message.get("text", "") for message in answer.json()]


def wait_for(what: Callable[[], bool], seconds: float, story: Callable[[], str]) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, story()
        time.sleep(0.2)


@pytest.fixture
def desk(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    monkeypatch.setenv("TISKI_VAR", environment["TISKI_VAR"])
    opened = Open(environment)
    try:
        yield opened
    finally:
        if opened.process.poll() is None:
            opened.process.send_signal(signal.SIGTERM)
            opened.process.wait(CLOSE_SECONDS)


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_it_opens_answers_recovers_and_closes(desk: Open) -> None:
    def told() -> str:
        return desk.log.read_text(encoding="utf-8")

    wait_for(lambda: "Stop with Ctrl-C" in told() or desk.process.poll() is not None,
             OPEN_SECONDS, told)  # fmt: skip
    assert desk.process.poll() is None, told()
    assert f"http://localhost:{desk.port}/desk/" in told()
    staff = f"http://localhost:{desk.staff_port}"
    assert f"Staff page:       {staff}/\n" in told()
    password = re.search(r"Its password:     (\S+)   \(not shown again\)\n", told())
    assert password, told()
    signed_in = httpx.post(
        f"{staff}/login", data={"password": password[1]}, headers={"Origin": staff}
    )
    assert signed_in.status_code == 303
    assert any("Aalto" in text for text in desk.say("moi"))

    # the action server dies, and is back by itself
    killed = desk.pid("actions")
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: not lives(killed), 10, told)
    wait_for(desk.group.is_ready, 60, told)
    assert desk.pid("actions") != killed
    assert desk.say("haluaisin varata ajan") and desk.process.poll() is None

    # Ctrl-C, and an impatient second one
    processes = [desk.pid(name) for name in (None, "rasa", "actions", "console")]
    desk.process.send_signal(signal.SIGINT)
    wait_for(lambda: "Closing the desk" in told(), 10, told)
    desk.process.send_signal(signal.SIGINT)
    assert desk.process.wait(CLOSE_SECONDS) == 0
    assert "Traceback" not in told()
    assert [pid for pid in processes if lives(pid)] == []
    assert not list(Path("/tmp").glob(f"tiski-*-{desk.port}.sock"))
    for port in (desk.port, desk.actions_port, desk.staff_port):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_tells_how_it_is_used(script: str) -> None:
    done = subprocess.run(
        [ROOT / "scripts" / script, "--help"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.lower().startswith("usage: ./scripts/" + script), done.stdout
