"""motcua import-decision FILE [--dry-run] [--keep-broken] [--draft-as USERNAME [--publish-as USERNAME]]"""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from motcua.catalogue import actions, queries
from motcua.catalogue.errors import NotReady
from motcua.catalogue.management.decisions import ChangeCommand
from motcua.catalogue.rules.decisions import DecisionRead, read_decision
from motcua.catalogue.types_changes import ChangeState
from motcua.catalogue.types_drafts import DraftLine
from motcua.kernel import clock
from motcua.kernel.actor import Actor
from motcua.kernel.errors import Refused


class Command(ChangeCommand):
    help = (
        "Read a decision (.xlsx, .docx, .csv, or JSON of one or many) and draft its change-set; with broken cells all "
        "of them are named and nothing is stored. Reading the same file again makes nothing new."
    )
    leaves = (
        "read (and published, if asked)",
        "broken rows, or something in the way",
        "the file cannot be opened, or used wrongly",
    )

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the decision's file")
        parser.add_argument("--dry-run", action="store_true", help="say what it would do, store nothing")
        parser.add_argument(
            "--keep-broken",
            action="store_true",
            help="draft it although cells are broken; they stop the approval",
        )
        parser.add_argument(
            "--draft-as", default="", metavar="USERNAME", help="draft it in this person's name"
        )
        parser.add_argument(
            "--publish-as",
            default="",
            metavar="USERNAME",
            help="approve and publish in the name of this other person; the rehearsal must be green",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        drafter, approver = options["draft_as"], options["publish_as"]
        if approver and drafter in ("", approver):
            self.wrong("--publish-as cần --draft-as của một người khác: người soạn không tự duyệt.")
        path = Path(options["file"])
        try:
            data = path.read_bytes()
        except OSError as problem:
            self.wrong(f"Không mở được tệp {path}: {problem.strerror}")
            raise AssertionError("left above") from problem
        now = clock.now()
        try:
            reads = read_decision(data, name=path.name)
        except Refused as refusal:
            self.refuse(refusal.message)
        if options["dry_run"] or not (options["keep_broken"] or all(read.clean for read in reads)):
            shown = [self._would(read) for read in reads]
            self._answer(shown, ok=all(read.clean for read in reads), stored=False)
            return
        actor = self.person(drafter, now) if drafter else Actor.system("import-decision", via="command")
        done = actions.draft_decisions(actor=actor, reads=reads, source=path.name, now=now)
        shown = [
            {**self._would(read), **self.data_of(one.info), "new": one.is_new}
            for read, one in zip(reads, done, strict=True)
        ]
        if approver:
            person = self.person(approver, now)
            for one, data_of_one in zip(done, shown, strict=True):
                data_of_one |= self._published(one.info.id, person)
        self._answer(shown, ok=all(read.clean for read in reads), stored=True)

    def _published(self, change_set_id: int, person: Actor) -> dict[str, object]:
        """Approve and publish what is not yet; leaves with 1 and every reason when something is in the way."""
        now = clock.now()
        try:
            info = queries.changes.change_set(change_set_id)
            if info.state is ChangeState.DRAFT:
                info = actions.approve_change_set(actor=person, change_set_id=change_set_id, now=now)
            if info.state is ChangeState.APPROVED:
                info = actions.publish_change_set(actor=person, change_set_id=change_set_id, now=now)
        except NotReady as refusal:
            self.refuse(refusal.message, refusal.reasons)
        return self.data_of(info)

    @staticmethod
    def _would(read: DecisionRead) -> dict[str, Any]:
        _, lines = queries.decisions.drafted_from(read, now=clock.now())
        return {
            "number": read.head.number,
            "title": read.head.title,
            "lines": len(lines),
            "actions": dict(Counter(line.action.value for line in lines)),
            "unmatched": sum(_unmatched(line) for line in lines),
            "warnings": dict(Counter(remark.kind for line in lines for remark in line.warnings)),
            "problems": [problem.to_dict() for problem in read.problems],
            "remarks": [remark.to_dict() for remark in read.remarks],
        }

    def _answer(self, shown: list[dict[str, Any]], *, ok: bool, stored: bool) -> None:
        lines: list[str] = []
        for one in shown:
            counts = ", ".join(f"{action} {n}" for action, n in sorted(one["actions"].items()))
            state = f", {one['state']}" if "state" in one else ""
            lines.append(f"{one['number'] or '?'}: {one['lines']} dòng ({counts}){state}")
            if one["unmatched"]:
                lines.append(f"  {one['unmatched']} dòng chưa khớp thủ tục nào")
            lines += [f"  {kind}: {n}" for kind, n in sorted(one["warnings"].items())]
            lines += [f"  {problem['cell']}: {problem['message']}" for problem in one["problems"]]
        broken = sum(len(one["problems"]) for one in shown)
        if broken and not stored:
            lines.append(f"{broken} chỗ phải sửa; chưa lưu gì (--keep-broken để lưu bản nháp)")
        self.finish({"stored": stored, "decisions": shown, "broken": broken}, lines, ok=ok)


def _unmatched(line: DraftLine) -> bool:
    return line.procedure_id is None and line.action.value not in {"new", "replaced", "noted"}
