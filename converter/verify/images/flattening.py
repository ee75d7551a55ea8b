"""Layers on top of each other become one tree, as an engine mounts them."""

from __future__ import annotations

from collections.abc import Sequence

from converter.verify.images.layer import Layer
from converter.verify.images.model import Entry, Kind

_IMPLIED = Entry(Kind.DIRECTORY, 0o755)


def flatten(layers: Sequence[Layer]) -> dict[str, Entry]:
    """One tree of absolute paths, sorted. `layers` come from the lowest to the topmost.

    They are walked from the top, so that each path is looked at once for each layer that has it; what a layer
    hides or replaces concerns the layers below it only.
    """
    merged: dict[str, Entry] = {}
    hard_links: dict[str, str] = {}
    hidden: set[str] = set()
    opaque: set[str] = set()
    for layer in reversed(layers):
        covered: dict[str, bool] = {"": "" in opaque}
        for path, target in layer.hard_links.items():
            if path not in merged and not _hides(path, merged, hidden, opaque, covered):
                hard_links.setdefault(path, target)
        merged |= {
            path: entry
            for path, entry in layer.entries.items()
            if path not in merged and not _hides(path, merged, hidden, opaque, covered)
        }
        hidden |= layer.hidden
        opaque |= layer.opaque
    for path, target in hard_links.items():
        if path not in merged and (found := merged.get(target)) is not None:
            merged[path] = found
    _add_parents(merged)
    return {f"/{path}": merged[path] for path in sorted(merged)}


def _hides(
    path: str, merged: dict[str, Entry], hidden: set[str], opaque: set[str], known: dict[str, bool]
) -> bool:
    """Whether the layers above hide a path; `known` remembers the answers for directories."""
    if path in hidden:
        return True
    directory = path.rpartition("/")[0]
    pending = []
    while directory not in known:
        pending.append(directory)
        above = merged.get(directory)
        if directory in hidden or directory in opaque or (above and above.kind is not Kind.DIRECTORY):
            known[directory] = True
            break
        directory = directory.rpartition("/")[0]
    answer = known[directory]
    for name in pending:
        known[name] = answer
    return answer


def _add_parents(merged: dict[str, Entry]) -> None:
    """Directories that no layer names although something lies in them."""
    for path in list(merged):
        parent = path.rpartition("/")[0]
        while parent and parent not in merged:
            merged[parent] = _IMPLIED
            parent = parent.rpartition("/")[0]
