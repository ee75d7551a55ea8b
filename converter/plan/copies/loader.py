"""`ldconfig` after libraries came along: the loader's cache is the final image's own."""

from __future__ import annotations

from converter.effects.model import Phase, WriteKind
from converter.effects.places import Place, overlaps, within
from converter.graph.model import Analysis, Step
from converter.knowledge.images import BaseImage
from converter.knowledge.libraries import APART
from converter.knowledge.search_path import LIBRARY_FOLDERS
from converter.plan.evidence.provenance import only_deletes
from converter.plan.insertions import as_root
from converter.plan.marks import Marks
from converter.plan.split import Artifact, Insertion, Stage

CONFIGURATION = ("/etc/ld.so.conf", "/etc/ld.so.conf.d")


def loader_cache(
    analysis: Analysis, marks: Marks, artifacts: tuple[Artifact, ...], final: BaseImage
) -> tuple[Insertion, ...]:
    """`RUN ldconfig` behind the last copy that may bring shared libraries into a directory of the loader (glibc)."""
    if final.family not in ("debian", "ubuntu", "rpm", "arch"):
        return ()
    folders = (*LIBRARY_FOLDERS, *_told_folders(analysis))
    bringing = [a for a in artifacts if a.directory and _may_hold_libraries(a.destination, folders)]
    if not any("ldconfig" in step.effects.tools for step in analysis.steps):
        bringing = [a for a in bringing if _is_filled(marks, a, folders)]
    if not bringing:
        return ()
    last = max(a.producer for a in bringing)
    later = [
        s
        for s in analysis.steps
        if s.index > last and s.index in marks.final and s.effects.tools == ("ldconfig",)
    ]
    run = analysis.steps[last].ordinal
    if any(s.ordinal != run or _waits_for(s, bringing) for s in later):
        return ()
    _leave_out_earlier(analysis, marks, max([last, *(s.index for s in later)]))
    at = _told_last(analysis, marks, last)
    return (Insertion(Stage.FINAL, at, as_root(analysis, at, "RUN ldconfig")),)


def _told_last(analysis: Analysis, marks: Marks, last: int) -> int:
    """The step of the same RUN that tells the loader of folders behind the last copy; else the copy's own."""
    run = analysis.steps[last].ordinal
    telling = (
        s.index
        for s in analysis.steps[last + 1 :]
        if s.ordinal == run and s.index in marks.final and _configures(s)
    )
    return max(telling, default=last)


def _configures(step: Step) -> bool:
    return any(within(w.place.path, place) for w in step.effects.writes for place in CONFIGURATION)


def _is_filled(marks: Marks, artifact: Artifact, folders: tuple[str, ...]) -> bool:
    """Whether a step of the builder may put libraries where the loader looks, in what a copy brings.

    Packages of a language that is interpreted lie in directories of their own. A difference has what packages of the
    system brought between its steps as well.
    """
    places = [Place(folder, tree=True) for folder in folders if within(folder, artifact.destination)]
    filling = [
        step
        for step in marks.steps
        if step.index in marks.builder and step.index not in marks.final and _writes_in(step, places)
    ]
    first = min((step.index for step in filling), default=artifact.producer)
    between = marks.steps[first : artifact.producer] if artifact.source != artifact.destination else ()
    return (
        artifact.destination in folders
        or not all(map(_only_packages, filling))
        or any(step.effects.packages and step.index in marks.builder for step in between)
    )


def _writes_in(step: Step, places: list[Place]) -> bool:
    return any(
        write.kind not in (WriteKind.BOOK, WriteKind.DIRECTORY) and overlaps(write.place, place)
        for write in step.effects.writes
        for place in places
    )


def _only_packages(step: Step) -> bool:
    ecosystems = {change.ecosystem for change in step.effects.libraries}
    return step.phase is Phase.LIBRARY and bool(ecosystems) and ecosystems <= APART


def _waits_for(step: Step, bringing: list[Artifact]) -> bool:
    """Whether a step looks into what is copied, so that it stands behind the copy in spite of being in the same RUN."""
    places = [Place(a.destination, tree=True) for a in bringing]
    touched = (*step.effects.reads, *(w.place for w in step.effects.writes))
    return any(overlaps(place, other) for place in places for other in touched)


def _leave_out_earlier(analysis: Analysis, marks: Marks, last: int) -> None:
    """The author's own `ldconfig` right before the copy does nothing that the one behind it does not do again."""
    for step in reversed(analysis.steps[: last + 1]):
        if step.index not in marks.final or not step.is_run or step.state_only or only_deletes(step):
            continue
        if step.effects.tools != ("ldconfig",) or step.pragmas.keep or _follows_loosely(analysis, step):
            return
        if step.index in marks.builder:
            marks.to_builder(step.index, "the final stage runs it after the copies")
        else:
            marks.drop(step.index, "the final stage runs it after the copies")


def _follows_loosely(analysis: Analysis, step: Step) -> bool:
    """Whether it stands behind a `;`, so that what is before it may fail."""
    before = analysis.steps[step.index - 1] if step.index else None
    return before is not None and before.ordinal == step.ordinal and before.members[-1].operator != "&&"


def _told_folders(analysis: Analysis) -> tuple[str, ...]:
    """Directories that the author writes into the loader's configuration, where he has its cache made."""
    if not any("ldconfig" in step.effects.tools for step in analysis.steps):
        return ()
    return tuple(
        word.strip()
        for step in analysis.steps
        if _configures(step)
        for invocation in step.invocations
        for word in invocation.arguments
        if word.startswith("/")
    )


def _may_hold_libraries(destination: str, folders: tuple[str, ...]) -> bool:
    if any(
        part in destination
        for part in ("site-packages", "dist-packages", "node_modules", "/gems", "/php/", "/bundle")
    ):
        return False
    return any(within(place, destination) or destination == place for place in folders)
