from motcua.workflow.models.process import ProcessVersion
from motcua.workflow.models.run import Run, Task

__all__ = ["ProcessVersion", "Run", "Task"]
