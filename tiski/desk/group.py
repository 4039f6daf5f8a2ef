"""The desk's processes as one group under supervisord (http://supervisord.org).

supervisord restarts what dies, keeps logs that do not grow without end, and stops everything
together. Its configuration is written at each start, from the ports and the model of that start.
"""

from __future__ import annotations

import os
import random
import shlex
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault, ServerProxy

import httpx
from ruamel.yaml import YAML
from supervisor.xmlrpc import Faults, SupervisorTransport

from tiski.paths import ROOT, var_dir

_STOP_SECONDS = 20
_CHANCE = random.SystemRandom()  # processes that share a seed must not choose the same ports


@dataclass
class Group:
    """The Rasa server, the action server, the worker and the staff page.

    Args:
        model: the trained model.
        host: where the Rasa server listens ("127.0.0.1" or "0.0.0.0").
        port: of the Rasa server, which serves the page too.
        actions_port: of the action server.
        staff_port: of the staff page; None runs the desk without one.
        rasa_options: more options for `rasa run` (tests switch the HTTP API on).
        environment: more variables for all processes.
        folder: what is written at run time; by default `var/`, or TISKI_VAR.
    """

    model: Path
    host: str = "127.0.0.1"
    port: int = 5005
    actions_port: int = 5055
    staff_port: int | None = None
    rasa_options: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    folder: Path = field(default_factory=var_dir)
    _supervisor: subprocess.Popen[bytes] | None = None

    @property
    def page(self) -> str:
        """The address of the customers' page."""
        return f"http://{self._host_name}:{self.port}/desk/"

    @property
    def staff_page(self) -> str | None:
        """The address of the staff page; None without one."""
        return f"http://{self._host_name}:{self.staff_port}/" if self.staff_port else None

    @property
    def _host_name(self) -> str:
        return "localhost" if self.host in ("127.0.0.1", "0.0.0.0") else self.host

    @property
    def _environment(self) -> dict[str, str]:
        """For all processes; mails name the staff page where STAFF_URL says nothing else."""
        page = os.environ.get("STAFF_URL", "").strip() or self.staff_page or ""
        return {**os.environ, "STAFF_URL": page, **self.environment}

    def start(self) -> None:
        """Start all processes; they are not ready yet."""
        folder = self.folder / "run"
        folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "logs").mkdir(parents=True, exist_ok=True)
        configuration = folder / f"supervisord-{self.port}.conf"
        configuration.write_text(self._configuration(folder), encoding="utf-8")
        self._supervisor = subprocess.Popen(
            [sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(configuration)],
            cwd=ROOT,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C comes to us, and we stop the group in order
        )

    def is_running(self) -> bool:
        return self._supervisor is not None and self._supervisor.poll() is None

    def is_ready(self) -> bool:
        """True when the page, the model, the actions and the staff page answer."""
        parts = [f"http://127.0.0.1:{self.actions_port}/", self.staff_page, self.page]
        return all(_answers(f"{part}health") for part in parts if part)

    def wait_until_ready(self, seconds: float) -> bool:
        """Wait for `is_ready`; False when it takes longer or the group has ended."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.is_running():
            if self.is_ready():
                return True
            time.sleep(0.25)
        return False

    def stop(self) -> None:
        """Stop everything and wait until it has ended."""
        if self._supervisor is None or self._supervisor.poll() is not None:
            return
        self._supervisor.terminate()
        try:
            self._supervisor.wait(timeout=_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._supervisor.pid, signal.SIGKILL)

    def control(self, *command: str) -> str:
        """Send supervisord a command, e.g. `stop actions`; returns what it says."""
        configuration = self.folder / "run" / f"supervisord-{self.port}.conf"
        done = subprocess.run(
            [sys.executable, "-m", "supervisor.supervisorctl", "-c", str(configuration), *command],
            capture_output=True,
            text=True,
            env=self._environment,
        )
        return done.stdout.strip()

    def stop_process(self, name: str) -> None:
        """Stop "rasa", "actions", "worker" or "console", and wait until it has ended."""
        self._supervisor_calls().stopProcess(name)

    def start_process(self, name: str) -> None:
        """Start a process if it does not run; `wait_until_ready` tells when it answers.

        Unlike `control("start", …)`, which waits until supervisord is sure that it goes on.
        """
        try:
            self._supervisor_calls().startProcess(name, False)
        except Fault as fault:
            if fault.faultCode != Faults.ALREADY_STARTED:
                raise

    def kill_process(self, name: str) -> None:
        """Kill a process at once, as a crash would; supervisord starts it again."""
        info = self._supervisor_calls().getProcessInfo(name)
        os.kill(info["pid"], signal.SIGKILL)

    def _supervisor_calls(self) -> Any:
        """supervisord's own interface (http://supervisord.org/api.html)."""
        transport = SupervisorTransport(serverurl=f"unix://{_socket_path(self.port)}")
        return ServerProxy("http://localhost", transport).supervisor

    def last_words(self, lines: int = 12) -> str:
        """The ends of the logs, for when something did not start."""
        text = []
        for name in ("rasa", "actions", "worker", "console"):
            log = self.log(name)
            if log.exists():
                tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
                text.append(f"--- {log}\n" + "\n".join(tail))
        return "\n".join(text)

    def log(self, name: str) -> Path:
        """The log of the process "rasa", "actions", "worker" or "console"."""
        return self.folder / "logs" / f"{name}-{self.port}.log"

    def _endpoints(self, folder: Path) -> Path:
        """endpoints.yml as it is, or with another port of the action server."""
        yaml = YAML()
        endpoints = yaml.load((ROOT / "endpoints.yml").read_text(encoding="utf-8"))
        endpoints["action_endpoint"]["url"] = f"http://127.0.0.1:{self.actions_port}/webhook"
        file = folder / f"endpoints-{self.port}.yml"
        with file.open("w", encoding="utf-8") as opened:
            yaml.dump(endpoints, opened)
        return file

    def _configuration(self, folder: Path) -> str:
        python = sys.executable
        endpoints = ROOT / "endpoints.yml" if self.actions_port == 5055 else self._endpoints(folder)
        rasa = [python, "-m", "rasa", "run", "--interface", self.host, "--port", str(self.port)]
        rasa += ["--model", str(self.model), "--endpoints", str(endpoints)]
        rasa += ["--credentials", str(ROOT / "credentials.yml"), *self.rasa_options]
        # The action server believes every tracker it is sent: only this machine may call it, and
        # no page in a browser on it (rasa-sdk's defaults are every address and every origin)
        # What `rasa run actions` runs, without importing Rasa and TensorFlow first
        actions = [python, "-m", "rasa_sdk", "--actions", "actions"]
        actions += ["--port", str(self.actions_port)]
        actions += ["--cors", f"http://localhost:{self.actions_port}"]
        programs = [
            self._program("actions", actions, 'SANIC_HOST="127.0.0.1"'),
            self._program("rasa", rasa),
            # Mails, text messages, staff calendars, reminders
            self._program("worker", [python, "-m", "tiski.worker"]),
        ]
        if self.staff_port:
            console = [python, "-m", "tiski.console", "--host", self.host]
            programs.append(self._program("console", [*console, "--port", str(self.staff_port)]))
        control = _socket_path(self.port)
        var, run = _escaped(self.folder), _escaped(folder)
        return f"""
[supervisord]
logfile={var}/logs/supervisord-{self.port}.log
pidfile={run}/supervisord-{self.port}.pid
childlogdir={var}/logs
nodaemon=true
[unix_http_server]
file={control}
chmod=0700
[supervisorctl]
serverurl=unix://{control}
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
{"".join(programs)}
"""

    def _program(self, name: str, command: list[str], environment: str = "") -> str:
        # startsecs: dying earlier counts as a failed start
        return f"""
[program:{name}]
command={_escaped(shlex.join(command))}
directory={_escaped(ROOT)}
environment={environment}
autorestart=true
startsecs=3
startretries=5
stopwaitsecs=8
stopasgroup=true
killasgroup=true
redirect_stderr=true
stdout_logfile={_escaped(self.log(name))}
stdout_logfile_maxbytes=5MB
stdout_logfile_backups=2
"""


def free_port() -> int:
    """A port of this machine that nobody listens on at the moment.

    It lies below those that systems give to outgoing connections (32768 and up on Linux, 49152 on
    macOS), so that none of these takes it before the process that it is meant for listens.
    """
    while True:
        port = _CHANCE.randrange(20_000, 32_768)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def _escaped(value: Path | str) -> str:
    """A path or command in supervisor's configuration, where a percent sign has a meaning."""
    return str(value).replace("%", "%%")


def _socket_path(port: int) -> str:
    # Under /tmp and short: a socket's path may not be longer than about 100 characters
    return f"/tmp/tiski-{os.getuid()}-{port}.sock"


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=2).status_code == 200
    except httpx.HTTPError:
        return False
