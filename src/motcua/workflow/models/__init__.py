from motcua.workflow.models.draft import DraftRevision, ProcessDraft
from motcua.workflow.models.process import ProcessVersion
from motcua.workflow.models.run import Run, Task

__all__ = ["DraftRevision", "ProcessDraft", "ProcessVersion", "Run", "Task"]
