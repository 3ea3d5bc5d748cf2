"""Walking a directed graph of keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


def reachable(
    edges: Mapping[str, Sequence[str]], start: Iterable[str], *, without: str | None = None
) -> frozenset[str]:
    """Every known key that can be reached from `start`, itself included, never passing through `without`."""
    seen: set[str] = set()
    todo = [key for key in start if key in edges and key != without]
    while todo:
        key = todo.pop()
        if key in seen:
            continue
        seen.add(key)
        todo.extend(target for target in edges[key] if target in edges and target != without)
    return frozenset(seen)


def cycle(edges: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Some cycle of keys, or an empty tuple."""
    done: set[str] = set()
    for root in edges:
        trail: list[str] = []
        stack: list[tuple[str, int]] = [(root, 0)]
        while stack:
            key, index = stack.pop()
            if index == 0:
                if key in trail:
                    return tuple(trail[trail.index(key) :])
                if key in done:
                    continue
                trail.append(key)
            targets = [target for target in edges[key] if target in edges]
            if index < len(targets):
                stack.append((key, index + 1))
                stack.append((targets[index], 0))
            else:
                done.add(key)
                trail.pop()
    return ()
