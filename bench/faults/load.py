"""Receptions by many clients that never give up: delivered twice, answers thrown away, tried again until answered."""

from __future__ import annotations

import http.client
import json
import queue
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from random import Random

from bench.cast import PROCEDURE, TOKEN

DUPLICATES, DROPPED = 0.25, 0.15
TIMEOUT = 25
GIVE_UP, LONGEST_RUN = 90, 400


@dataclass(frozen=True, slots=True)
class Delivery:
    """One sending of one reception; two deliveries with the same key are the same reception."""

    key: str
    body: bytes
    drop_first: bool


@dataclass
class Record:
    """What the clients saw."""

    answers: Counter[str] = field(default_factory=Counter)
    acknowledged: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    unanswered: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    samples: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    done: int = 0

    def saw(self, answer: str, sample: str = "") -> None:
        with self.lock:
            self.answers[answer] += 1
            self.samples.setdefault(answer, sample)

    def acknowledge(self, key: str, code: str, waited: float) -> None:
        with self.lock:
            self.acknowledged[key].add(code)
            self.waits.append(waited)

    def finished(self) -> None:
        with self.lock:
            self.done += 1


def deliveries(count: int, centres: list[str], case: str, random: Random) -> list[Delivery]:
    """`count` receptions at several centres; a quarter of them comes twice, one right after the other."""
    made = []
    for number in range(count):
        body = json.dumps(
            {
                "procedure": PROCEDURE,
                "case": case,
                "receiving_unit": random.choice(centres),
                "owner": {"name": f"Nguyễn Văn Thử {number}", "id_number": f"0270900{number:05d}"},
                "papers": [{"name": "Tờ khai"}],
            }
        ).encode()
        twice = random.random() < DUPLICATES
        for _sending in range(2 if twice else 1):
            made.append(Delivery(f"reception-{number}", body, random.random() < DROPPED))
    return made


class Clients:
    """Threads that take deliveries from one queue until it is empty."""

    def __init__(self, port: int, work: list[Delivery], record: Record, *, count: int = 12) -> None:
        self.port, self.record = port, record
        self.waiting: queue.SimpleQueue[Delivery] = queue.SimpleQueue()
        for delivery in work:
            self.waiting.put(delivery)
        self.until = time.monotonic() + LONGEST_RUN
        self.threads = [
            threading.Thread(target=self._work, args=(number,), daemon=True) for number in range(count)
        ]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def join(self) -> None:
        for thread in self.threads:
            thread.join()

    def _work(self, seed: int) -> None:
        random = Random(seed)
        while True:
            try:
                delivery = self.waiting.get_nowait()
            except queue.Empty:
                return
            self._deliver(delivery, random)
            self.record.finished()

    def _deliver(self, delivery: Delivery, random: Random) -> None:
        begun = time.monotonic()
        if delivery.drop_first:
            self._drop(delivery)
        while time.monotonic() < min(begun + GIVE_UP, self.until):
            code = self._send(delivery)
            if code is not None:
                self.record.acknowledge(delivery.key, code, time.monotonic() - begun)
                return
            time.sleep(random.uniform(0.05, 0.4))
        self.record.unanswered.append(delivery.key)

    def _drop(self, delivery: Delivery) -> None:
        """Send and go away without reading the answer: the client does not know what became of it."""
        try:
            link = self._open(delivery)
            time.sleep(0.01)
            link.close()
            self.record.saw("dropped")
        except OSError:
            self.record.saw("connection")

    def _send(self, delivery: Delivery) -> str | None:
        try:
            link = self._open(delivery)
            answer = link.getresponse()
            content = answer.read()
            link.close()
        except (OSError, http.client.HTTPException):
            self.record.saw("connection")
            return None
        self.record.saw(str(answer.status), content[:300].decode("utf-8", "replace"))
        return str(json.loads(content)["code"]) if answer.status in (200, 201) else None

    def _open(self, delivery: Delivery) -> http.client.HTTPConnection:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        headers = {
            "Authorization": f"Bearer {TOKEN}",
            "Content-Type": "application/json",
            "Idempotency-Key": delivery.key,
            "Connection": "close",
        }
        link.request("POST", "/api/v1/dossiers", delivery.body, headers)
        return link
