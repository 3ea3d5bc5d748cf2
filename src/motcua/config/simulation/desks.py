"""Behind the counter: whoever has the open step does it, until the result waits at the counter again."""

from __future__ import annotations

import queue
import uuid
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from motcua.config.simulation.talking import Answer, Browser, Partner
from motcua.kernel import clock
from motcua.kernel.accounts.queries import DEMO_PASSWORD
from motcua.organisation import queries as organisation

if TYPE_CHECKING:
    from motcua.config.simulation.day import Day

_ITEMS = [{"text": "Bản sao có chứng thực giấy tờ chứng minh nơi cư trú"}]


@dataclass
class Desk:
    """A thread that does steps, each in the name of somebody who holds the role in the step's unit."""

    day: Day
    number: int
    partner: Partner
    browsers: dict[str, Browser] = field(default_factory=dict)
    turns: count[int] = field(default_factory=count)

    def work(self) -> None:
        """Until the day is over."""
        while not self.day.is_over:
            try:
                code, task, fate = self.day.to_desks.get(timeout=0.05)
            except queue.Empty:
                continue
            if task is None:
                self._begin(code, fate)
            else:
                self._step(code, task)

    def _begin(self, code: str, fate: str) -> None:
        """Open the dossier and see what is to do."""
        answer = self.partner.get("read dossier", f"/dossiers/{code}")
        if answer.status != 200:
            self._broken(code, answer)
            return
        said = answer.json()
        if fate == "supplement" and said["tasks"]:
            self._ask_for_papers(code, said["tasks"][0])
        else:
            self._go_on(code, said["tasks"], said["owner_name"])

    def _go_on(self, code: str, tasks: list[dict[str, Any]], owner_name: str) -> None:
        for task in tasks:
            if task["kind"] == "return":
                self.day.to_counter.put(("return", code, {"owner_name": owner_name}))
            elif task["kind"] != "after":
                self.day.to_desks.put((code, task | {"owner_name": owner_name}, "ordinary"))

    def _step(self, code: str, task: dict[str, Any]) -> None:
        officer = self._performer(task)
        self._look(officer, code)
        outcome = next((found for found in task["outcomes"] if found["is_default"]), None)
        if outcome is None:
            self.day.figures.failed(f"{code}: step {task['name']} has no ordinary way on")
            self.day.ended("failed")
            return
        body: dict[str, Any] = {"outcome": outcome["key"]}
        if outcome["needs_note"]:
            body["note"] = "Đủ điều kiện giải quyết."
        if outcome["needs_result"]:
            body["result"] = {
                "number": f"{task['id']}/XN-UBND",
                "issued_on": clock.today(self.day.plan.now()).isoformat(),
                "summary": "Kết quả giải quyết hồ sơ",
            }
        answer = self._post("complete step", f"/dossiers/{code}/steps/{task['id']}/complete", body, officer)
        if answer.status != 200:
            self._broken(code, answer)
            return
        self.day.figures.count("steps")
        self._go_on(code, answer.json()["opened"], task["owner_name"])

    def _ask_for_papers(self, code: str, task: dict[str, Any]) -> None:
        body = {"items": _ITEMS, "reason": "Giấy tờ nộp kèm chưa đủ căn cứ để giải quyết."}
        officer = self._performer(task)
        answer = self._post("form 02 at the desk", f"/dossiers/{code}/supplements", body, officer)
        if answer.status != 201:
            self._broken(code, answer)
            return
        self.day.figures.count("supplements_requested")
        self.day.to_counter.put(("register", code, {}))

    def _performer(self, task: dict[str, Any]) -> str:
        """Somebody who holds the role; a task for a person by name is theirs."""
        unit = organisation.unit_by_code(task["unit"]["code"])
        return self.day.people.of(unit, task["role"], now=self.day.plan.now())[0]

    def _look(self, officer: str, code: str) -> None:
        """Now and then the worklist, and the page of the dossier."""
        turn = next(self.turns)
        if turn % 4 and turn % 9:
            return
        browser = self.browsers.get(officer)
        if browser is None:
            browser = self.browsers[officer] = Browser(self.partner.line, officer)
            if not browser.sign_in(DEMO_PASSWORD):
                return
        if turn % 4 == 0:
            browser.page("page: dossier", f"/ho-so/{code}/")
        if turn % 9 == 0:
            browser.page("page: worklist", "/ho-so/")

    def _post(self, act: str, path: str, body: object, officer: str) -> Answer:
        return self.partner.post(act, path, body, officer=officer, key=uuid.uuid4().hex)

    def _broken(self, code: str, answer: Answer) -> None:
        self.day.figures.failed(f"{code}: {answer.status} {answer.said}")
        self.day.ended("failed")
