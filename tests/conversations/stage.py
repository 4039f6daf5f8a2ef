"""Plays conversations on two desks side by side: a turn waits more than it works.

Each desk takes the next script that nobody has taken; a test waits for its own. A desk that is not
open yet opens while the others play.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue

from desk import Desk
from script import Player, Script


class Stage:
    """The desks, and what came of each script so far."""

    def __init__(self, desks: Sequence[Desk], scripts: Sequence[Script]) -> None:
        """Begin to play; the scripts are taken in their order.

        Args:
            desks: the first is open. One that cannot open leaves its scripts to the others, and is
                told of when the stage closes.
        """
        self._results: dict[str, Future[None]] = {script.id: Future() for script in scripts}
        self._waiting: SimpleQueue[Script] = SimpleQueue()
        for script in scripts:
            self._waiting.put(script)
        self._closing = threading.Event()
        self._troubles: list[Exception] = []
        self._players = [threading.Thread(target=self._play, args=(desk,)) for desk in desks]
        for player in self._players:
            player.start()

    def result(self, script: Script) -> None:
        """Wait until a script has been played.

        Raises:
            AssertionError: the desk did something else than the script says.
        """
        self._results[script.id].result()

    def close(self) -> None:
        """Play no more, and wait for what is being played.

        Raises:
            RuntimeError: a desk did not open.
        """
        self._closing.set()
        for player in self._players:
            player.join()
        for trouble in self._troubles:
            raise trouble

    def _play(self, desk: Desk) -> None:
        try:
            if not desk.group.is_running():
                desk.open()
        except Exception as error:
            self._troubles.append(error)
            return
        while not self._closing.is_set():
            try:
                script = self._waiting.get_nowait()
            except Empty:
                return
            try:
                Player(desk, script).play()
            except BaseException as error:  # it is the test that fails, not the thread
                self._results[script.id].set_exception(error)
            else:
                self._results[script.id].set_result(None)
