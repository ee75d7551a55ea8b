"""Level 4: symbolic links: those that became copies, lead elsewhere, or lead nowhere in the conversion only."""

from __future__ import annotations

from collections.abc import Iterator

from converter.knowledge.volatile import is_bookkeeping
from converter.verify.compare.finding import error, judged, warning
from converter.verify.compare.pair import Pair
from converter.verify.compare.places import in_builder_place, is_application, is_leftover, is_state
from converter.verify.differences import Difference, Level
from converter.verify.images.model import Entry, Kind

_LEVEL = Level.LINKS
_KERNEL = ("/proc/", "/dev/", "/sys/", "/run/")
_COPY = "COPY follows a link that it is given: copy the directory that holds it, or make the link again."


def compare_links(pair: Pair) -> Iterator[Difference]:
    """Links of both images, then those that dangle in the conversion."""
    for path, before, after in pair.in_both():
        if before.kind is Kind.LINK and not is_state(path):
            yield from _changed(path, before, after, pair)
    for path, entry in pair.converted.entries.items():
        if entry.kind is Kind.LINK and not is_state(path):
            yield from _dangling(path, entry, pair)


def _changed(path: str, before: Entry, after: Entry, pair: Pair) -> Iterator[Difference]:
    if after.kind is Kind.LINK:
        if before.target == after.target:
            return
        if pair.of_other_version(path) or pair.original.real(path) == pair.converted.real(path) is not None:
            return
        same = _leads_to(path, pair, later=False) == _leads_to(path, pair, later=True)
        yield judged(
            not same and is_application(path, pair),
            _LEVEL,
            path,
            f"{path} led to {before.target} and leads to {after.target}",
            "Make the link in the final stage as the original does.",
        )
        return
    target = pair.original.entry(path)
    copied = target is not None and target.kind is after.kind and target.sha256 == after.sha256
    if copied:
        size = f" of {after.size} bytes" if after.kind is Kind.FILE else ""
        yield warning(_LEVEL, path, f"the link {path} became a copy{size} of {before.target}", _COPY)
    else:
        yield judged(
            is_application(path, pair),
            _LEVEL,
            path,
            f"the link {path} to {before.target} became a {after.kind} with other content",
            _COPY,
        )


def _leads_to(path: str, pair: Pair, later: bool) -> object:
    tree = pair.converted if later else pair.original
    entry = tree.entry(path)
    return entry.sha256 if entry and entry.kind is Kind.FILE else tree.real(path)


def _dangling(path: str, entry: Entry, pair: Pair) -> Iterator[Difference]:
    if entry.target.startswith(_KERNEL) or is_bookkeeping(path) or pair.converted.exists(path):
        return
    if path in pair.original.entries and not pair.original.exists(path):
        return
    message = f"{path} leads to {entry.target}, which is missing"
    if path not in pair.original.entries:
        yield warning(_LEVEL, path, message)
    elif in_builder_place(path.rpartition("/")[0]) or is_leftover(path) or not is_application(path, pair):
        yield warning(_LEVEL, path, message, "Copy the link's target as well, if something uses it.")
    else:
        yield error(_LEVEL, path, message, "Copy the link's target from the builder as well.")
