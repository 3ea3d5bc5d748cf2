"""The product's processes, to be killed and started again."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from random import Random

from bench.place import Place, free_port, server_command, wait_until_ready, worker_command
from bench.processes import children_of

TARGETS = ("whole server", "server process", "job worker")
START = 20


class System:
    """A server of two processes and a job worker, each in a process group of its own.

    What ends is started again, as `motcua run` and every service manager do: a server whose new process dies at
    once takes that for a fault of its own and ends.
    """

    def __init__(self, place: Place) -> None:
        self.place, self.port = place, free_port()
        self.ended_by_itself = 0
        self._changing = threading.Lock()
        self._stopping = threading.Event()
        self.server = self._start(server_command(self.port))
        self.worker = self._start(worker_command())
        try:
            wait_until_ready(self.port)
        except BaseException:  # nothing that was started stays behind
            self._stop_both()
            raise
        threading.Thread(target=self._tend, daemon=True).start()

    def kill(self, target: str, random: Random) -> str:
        """kill -9, without a word before; what is gone for good is started again."""
        if target == "job worker":
            with self._changing:
                _end(self.worker)
                self.worker = self._start(worker_command())
        elif target == "whole server":
            with self._changing:
                _end(self.server)
                self.server = self._start(server_command(self.port))
        else:
            with contextlib.suppress(ProcessLookupError):
                os.kill(random.choice(self._serving()), signal.SIGKILL)  # its master starts another
        return target

    def _serving(self) -> list[int]:
        """The server's processes; waits for a server that is just starting."""
        until = time.monotonic() + START
        while time.monotonic() < until:
            if serving := children_of(self.server.pid):
                return serving
            time.sleep(0.05)
        raise TimeoutError(f"the server has no process after {START} s")

    def _tend(self) -> None:
        while not self._stopping.wait(0.3):
            with self._changing:
                if self.server.poll() is not None:
                    _end(self.server)  # also the processes it left behind
                    self.server = self._start(server_command(self.port))
                    self.ended_by_itself += 1
                if self.worker.poll() is not None:
                    self.worker = self._start(worker_command())
                    self.ended_by_itself += 1

    def stop(self) -> None:
        self._stopping.set()
        with self._changing:
            self._stop_both()

    def _stop_both(self) -> None:
        for process in (self.server, self.worker):
            process.terminate()
        for process in (self.server, self.worker):
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                _end(process)

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            env=self.place.env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
