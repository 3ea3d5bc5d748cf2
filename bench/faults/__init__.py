"""What survives when processes die, answers get lost, disks fill and databases go away (`python -m bench.faults`)."""
