"""The stand-in as a server on loopback: `POST /` takes messages, `/pay/<reference>` is the citizen's page."""

from __future__ import annotations

import html
import json
import urllib.request
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote

from motcua.kernel import clock
from motcua.payments.simulator.core import Behaviour, Silence, Simulator

Deliver = Callable[[Mapping[str, Any]], object]
LARGEST = 256 * 1024


def serve(make: Callable[[str], Simulator], *, port: int, deliver: Deliver) -> ThreadingHTTPServer:
    """A server bound to loopback, not yet running. `make` gets its own address and returns the simulator."""
    server = ThreadingHTTPServer(("127.0.0.1", port), BaseHTTPRequestHandler)
    simulator = make(f"http://127.0.0.1:{server.server_port}")

    class Handler(_Handler):
        platform, confirm = simulator, staticmethod(deliver)

    server.RequestHandlerClass = Handler
    server.daemon_threads = True
    return server


def over_http(url: str, token: str, *, timeout: float = 10) -> Deliver:
    """Delivers CONFIRMs to a unit's address, as a partner system with a token."""

    def deliver(message: Mapping[str, Any]) -> object:
        request = urllib.request.Request(  # noqa: S310 - an address the operator gave
            url,
            data=json.dumps(message).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
        )
        with urllib.request.urlopen(request, timeout=timeout) as response:  # noqa: S310
            return json.loads(response.read())

    return deliver


class _Handler(BaseHTTPRequestHandler):
    platform: Simulator
    confirm: Deliver

    def do_POST(self) -> None:
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), LARGEST))
        if self.path.startswith("/pay/"):
            self._pay(unquote(self.path.removeprefix("/pay/")), parse_qs(body.decode("ascii", "replace")))
            return
        try:
            answer = self.platform.receive(json.loads(body))
        except Silence:
            self.close_connection = True
            return
        except ValueError:
            self._say(400, b"not JSON", "text/plain")
            return
        self._say(200, answer, "application/json")

    def do_GET(self) -> None:
        order = self.platform.order(unquote(self.path.removeprefix("/pay/")))
        if order is None:
            self._say(404, b"no such order", "text/plain")
            return
        choices = "".join(f"<button name=how value={each.value}>{each.value}</button> " for each in Behaviour)
        text = f"<!doctype html><title>Simulator</title><h1>{html.escape(order.reference)}</h1><p>{order.amount} VND"
        self._say(200, f"{text}<form method=post>{choices}</form>".encode(), "text/html")

    def _pay(self, reference: str, form: Mapping[str, list[str]]) -> None:
        how = next((each for each in Behaviour if each.value in form.get("how", ())), None)
        answers = [self.confirm(each) for each in self.platform.pay(reference, clock.now(), behaviour=how)]
        self._say(200, json.dumps(answers, default=str).encode(), "application/json")

    def _say(self, status: int, content: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: Any) -> None:
        """Quiet: the product records every exchange."""
