"""The server as a process: it is announced when it answers, and a taken port is said before anything is loaded."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.management import call_command

from motcua.config import serving


@contextmanager
def answering(*statuses: int) -> Iterator[int]:
    """A server that answers with each status once, then with the last; gives its port."""
    told = list(statuses)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(told.pop(0) if len(told) > 1 else told[0])
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "PAUSE", 0.01)


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
@pytest.mark.parametrize("statuses", [(200,), (503, 503, 200), (400,)])
def test_a_server_is_ready_once_it_answers(host: str, statuses: tuple[int, ...]) -> None:
    with answering(*statuses) as port:
        assert serving.wait_until_ready(host, port, seconds=10, goes_on=lambda: True)


def test_nobody_waits_for_a_server_that_ended() -> None:
    assert not serving.wait_until_ready("127.0.0.1", serving.free_port(), seconds=60, goes_on=lambda: False)


def test_waiting_ends() -> None:
    assert not serving.wait_until_ready("127.0.0.1", serving.free_port(), seconds=0.05, goes_on=lambda: True)
    with answering(503) as port:
        assert not serving.wait_until_ready("127.0.0.1", port, seconds=0.05, goes_on=lambda: True)


def test_a_taken_port_is_said_before_anything_is_loaded(capsys: pytest.CaptureFixture[str]) -> None:
    with answering(200) as port, pytest.raises(SystemExit) as left:
        call_command("run", port=port)
    assert left.value.code == 2
    assert f"Port {port} is in use" in capsys.readouterr().err
