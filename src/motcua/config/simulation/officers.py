"""The counter: receive, tell what is missing, refuse, print the slip, return results."""

from __future__ import annotations

import queue
import time
import uuid
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from motcua.config.simulation.talking import Answer, Browser, Partner
from motcua.kernel.accounts.queries import DEMO_PASSWORD

if TYPE_CHECKING:
    from motcua.config.simulation.day import Day

_ITEMS = [{"text": "Bản sao có chứng thực giấy tờ kèm theo"}, {"text": "Số điện thoại liên hệ"}]


@dataclass
class Officer:
    """One officer with a browser at the counter; what comes back from the desks goes before new visitors."""

    day: Day
    username: str
    partner: Partner
    turns: count[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.browser = Browser(self.partner.line, self.username)

    def work(self) -> None:
        """Until the hall is empty and everything is returned."""
        self.browser.sign_in(DEMO_PASSWORD)
        waiting = True
        while waiting or not self.day.is_over:
            self._from_the_desks()
            visitor = self.day.next_visitor() if waiting else None
            if visitor is None:
                waiting = False
                time.sleep(0.01)
                continue
            self._serve(*visitor)
        self.browser.page("page: today", "/quay/hom-nay/")

    def _serve(self, reception: dict[str, Any], fate: str) -> None:
        if next(self.turns) % 3 == 0:
            self.browser.page("page: counter", "/quay/tiep-nhan/")
        if fate == "refused":
            self._refuse(reception)
        elif fate == "intake":
            self._intake(reception)
        else:
            self._receive(reception, fate)

    def _receive(self, reception: dict[str, Any], fate: str) -> None:
        answer = self._post("receive", "/dossiers", reception)
        if answer.status != 201:
            self._lost(answer, reception)
            return
        said = answer.json()
        self.day.came_in(said["code"])
        self._print(said)
        if fate == "stopped":
            self._stop(said["code"])
        else:
            self.day.to_desks.put((said["code"], None, fate))

    def _intake(self, reception: dict[str, Any]) -> None:
        body = reception | {"items": _ITEMS, "reason": "Thành phần hồ sơ chưa đầy đủ."}
        answer = self._post("form 02 at the counter", "/dossiers/intake-supplements", body)
        if answer.status != 201:
            self._lost(answer, reception)
            return
        said = answer.json()
        self.day.came_in(said["code"])
        self._print(said)
        self.day.to_counter.put(("receive", said["code"], {"papers": reception["papers"]}))

    def _refuse(self, reception: dict[str, Any]) -> None:
        body = reception | {"reason": "Nội dung yêu cầu không thuộc thẩm quyền giải quyết của đơn vị."}
        answer = self._post("refuse", "/dossiers/refusals", body)
        if answer.status != 201:
            self._lost(answer, reception)
            return
        self.day.came_in(answer.json()["code"])
        self._print(answer.json())
        self.day.ended("refused")

    def _stop(self, code: str) -> None:
        body = {"reason": "Người nộp đề nghị rút hồ sơ.", "requested_by_applicant": True}
        answer = self._post("stop", f"/dossiers/{code}/stop", body)
        if answer.status != 200:
            self.day.figures.failed(f"stop {code}: {answer.status} {answer.said}")
        self.day.ended("withdrawn" if answer.status == 200 else "failed")

    def _from_the_desks(self) -> None:
        for _ in range(3):
            try:
                what, code, about = self.day.to_counter.get_nowait()
            except queue.Empty:
                return
            {"receive": self._after_intake, "register": self._register, "return": self._return}[what](
                code, about
            )

    def _after_intake(self, code: str, about: dict[str, Any]) -> None:
        self.browser.page("page: dossier", f"/ho-so/{code}/")
        answer = self._post("receive after form 02", f"/dossiers/{code}/receive", about)
        if answer.status != 201:
            self._broken(code, answer)
            return
        self.day.figures.count("received_after_intake")
        self._print(answer.json())
        self.day.to_desks.put((code, None, "ordinary"))

    def _register(self, code: str, about: dict[str, Any]) -> None:
        body = {"papers": [{"name": "Giấy tờ bổ sung"}], "note": "Đã nộp đủ."}
        answer = self._post("register supplement", f"/dossiers/{code}/supplements/register", body)
        if answer.status != 200:
            self._broken(code, answer)
            return
        self.day.figures.count("supplements_registered")
        self.day.to_desks.put((code, None, "ordinary"))

    def _return(self, code: str, about: dict[str, Any]) -> None:
        if next(self.turns) % 3 == 0:
            self.browser.page("page: return", "/quay/tra-ket-qua/")
        answer = self._post("hand over", f"/dossiers/{code}/handover", {"name": about["owner_name"]})
        if answer.status != 200:
            self._broken(code, answer)
            return
        self.day.ended("returned")

    def _print(self, said: dict[str, Any]) -> None:
        path = said["letter_url"].removeprefix("/api/v1")
        slip = self.partner.get("letter", path, self.username)
        if slip.status != 200 or not slip.body.startswith(b"%PDF"):
            self.day.figures.failed(f"letter {path}: {slip.status}")

    def _post(self, act: str, path: str, body: object) -> Answer:
        return self.partner.post(act, path, body, officer=self.username, key=uuid.uuid4().hex)

    def _lost(self, answer: Answer, reception: dict[str, Any]) -> None:
        """A visitor who got no code still counts, so that the day can end."""
        self.day.figures.failed(f"{reception['procedure']}: {answer.status} {answer.said}")
        with self.day.lock:
            self.day.codes.append("")

    def _broken(self, code: str, answer: Answer) -> None:
        self.day.figures.failed(f"{code}: {answer.status} {answer.said}")
        self.day.ended("failed")
