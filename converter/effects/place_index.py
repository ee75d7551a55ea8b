"""Finding which of many places may share a path with another one, without trying each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from converter.effects.places import Place, ancestors, overlaps


class PlaceIndex:
    """Places with the number of the step that they belong to."""

    __slots__ = ("_all", "_paths", "_patterns", "_trees")

    def __init__(self) -> None:
        self._all: list[tuple[Place, int]] = []
        self._patterns: list[tuple[Place, int]] = []
        self._paths: dict[str, set[int]] = {}  # those without patterns
        self._trees: dict[str, set[int]] = {}  # those of them with all that is below

    def add(self, step: int, places: Iterable[Place]) -> None:
        """Add places of a step."""
        for place in places:
            self._all.append((place, step))
            if not place.exact:
                self._patterns.append((place, step))
                continue
            self._paths.setdefault(place.path, set()).add(step)
            if place.tree:
                self._trees.setdefault(place.path, set()).add(step)

    def __contains__(self, path: str) -> bool:
        """Whether one of the places is exactly this path, not a tree or pattern around it."""
        return path in self._paths and path not in self._trees

    def meeting(self, places: Iterable[Place]) -> set[int]:
        """The steps with a place that overlaps one of these."""
        found: set[int] = set()
        for place in places:
            tried = self._patterns if place.exact else self._all
            found.update(step for other, step in tried if overlaps(other, place))
            if place.exact:
                found.update(*self._meeting(place))
        return found

    def _meeting(self, place: Place) -> Iterator[set[int]]:
        """The steps of exact places that overlap an exact one."""
        yield self._paths.get(place.path, set())
        for folder in (*ancestors(place.path), "/"):
            yield self._trees.get(folder, set())
        if place.tree:
            below = place.path.rstrip("/") + "/"
            yield from (steps for path, steps in self._paths.items() if path.startswith(below))
