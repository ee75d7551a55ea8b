"""apt's package lists leave a RUN of the final stage that is changed anyway.

An install that this program edits is written as one would by hand: update, install and the removal of the
lists in one RUN, since a later RUN cannot take them out of its layer. Lists stay where something may still
read them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, pairwise

from msgspec.structs import replace

from converter.dockerfile.model import Run
from converter.effects.model import Member, PackageAction
from converter.effects.places import Place, covers, within
from converter.graph.model import Analysis, Step
from converter.plan.evidence.apt_lists import LISTS, deletes_lists, does, is_plain_root, misses_lists
from converter.plan.evidence.removal import GONE
from converter.plan.marks import Marks
from converter.plan.packages.discovery import LIST
from converter.plan.split import Edit, Insertion, Packages, Stage
from converter.shell.model import Simple
from converter.span import Span

READERS = frozenset({"apt", "apt-get", "apt-cache", "aptitude", "add-apt-repository"})


def without_lists(analysis: Analysis, marks: Marks, packages: Packages, everywhere: bool = False) -> Packages:
    """Packages whose edits clean up behind changed installs; an update in a RUN of its own joins its install.

    `everywhere`: behind all installs, as for somebody who asks for the smallest image.
    """
    edits = dict(packages.edits)
    joined: set[int] = set()
    for _, found in groupby(analysis.steps, key=lambda step: step.ordinal):
        run = tuple(s for s in found if s.is_run)
        group = tuple(s for s in run if not s.state_only)
        here = [s for s in group if s.index in marks.final]
        installing = [s for s in here if does(s, PackageAction.INSTALL)]
        changed = everywhere or len(here) < len(group) or any(s.index in edits for s in here)
        if not installing or not changed:
            continue
        unwanted = [f"/tmp{LIST}"] if any(s.index == packages.listed_at for s in here) else []
        cleaning = next((s for s in here if s.index > installing[-1].index and deletes_lists(s)), None)
        last = [s for s in here if any(c.manager == "apt" for c in s.effects.packages)][-1]
        if any(_empties_tmp(s) for s in here if s.index > installing[-1].index):
            unwanted = []
        if cleaning is not None and unwanted and _is_rm(cleaning):
            _change(edits, cleaning, "".join(f" {path}" for path in unwanted))
            continue
        if cleaning is None and _can_be_cleaned(analysis, marks, last, {*packages.final}):
            updated = any(does(s, PackageAction.UPDATE) for s in here)
            update = None if updated else _own_update(analysis, marks, here[0])
            if update is not None:
                joined.add(update.index)
                marks.to_builder(update.index, "the final stage fetches the lists where it installs")
                words = update.members[0].span.of(analysis.dockerfile.source.text)
                start = here[0].members[0].span.start
                edits[here[0].index] = (
                    Edit(Span(start, start), f"{words} && "),
                    *edits.get(here[0].index, ()),
                )
            if updated or update is not None:
                unwanted.insert(0, f"{LISTS}/*")
                _drop_missing(analysis, marks, last)
        if unwanted:
            options = "-rf " if f"{LISTS}/*" in unwanted else ""
            gap = _gap(analysis.dockerfile.source.text, run, last)
            _change(edits, last, f"{gap}rm {options}{' '.join(unwanted)}")
    return replace(packages, edits=edits, joined=frozenset(joined))


def drop_idle_updates(marks: Marks, insertions: tuple[Insertion, ...]) -> None:
    """An update in a RUN of its own leaves where lines of ours fetch the lists before anything reads them."""
    ours = [
        i.after if i.before else i.after + 1
        for i in insertions
        if i.stage is Stage.FINAL and "apt-get update" in i.text
    ]
    for step in marks.steps:
        alone = sum(s.ordinal == step.ordinal for s in marks.steps) == 1
        if step.index not in marks.final or not alone or not is_plain_root(step):
            continue
        changes = {change.action for change in step.effects.packages}
        following = min((at for at in ours if at > step.index), default=None)
        if following is None or changes != {PackageAction.UPDATE} or not does(step, PackageAction.UPDATE):
            continue
        between = (s for s in marks.steps[step.index + 1 : following] if s.index in marks.final)
        if not any(s.effects.packages or s.effects.opaque or READERS & {*s.effects.tools} for s in between):
            built = step.index in marks.builder
            marks.put(step.index, built, False, "the final stage fetches the lists where it installs")


def _change(edits: dict[int, tuple[Edit, ...]], step: Step, text: str) -> None:
    end = step.members[-1].span.end
    if text:
        edits[step.index] = (*edits.get(step.index, ()), Edit(Span(end, end), text))


def _empties_tmp(step: Step) -> bool:
    return any(covers(p, Place(f"/tmp{LIST}")) for p in step.effects.deletes)


def _is_rm(step: Step) -> bool:
    """Whether a step is one `rm` that more paths can join."""
    command = step.members[-1].command
    return isinstance(command, Simple) and command.words[0].text == "rm" and not command.redirects


def _can_be_cleaned(analysis: Analysis, marks: Marks, last: Step, there: set[str]) -> bool:
    """Whether the lists lie in the layer of a plain RUN of root, and nothing reads them later."""
    instruction = last.instruction
    assert isinstance(instruction, Run)
    mounts = [flag.value or "" for flag in instruction.flags if flag.name == "mount"]
    if instruction.heredocs or any("/apt" in mount or "/var" in mount for mount in mounts):
        return False
    if not is_plain_root(last):
        return False
    runtime = analysis.runtime
    later = analysis.steps[last.index + 1 :]
    read = runtime.opaque or READERS & (runtime.names | runtime.program_names())
    if read and not any(deletes_lists(step) for step in later):
        return False  # in the original they are there when the container starts
    for step in later:
        if step.index not in marks.final or not step.is_run:
            continue
        if does(step, PackageAction.UPDATE):
            return True
        if misses_lists(step):
            return _only_lists(step)
        if step.effects.opaque or READERS & set(step.effects.tools) - _cleaners(step, there):
            return False
    return True


def _only_lists(step: Step) -> bool:
    """Whether a step does no more than delete the lists, and may leave."""
    return not step.pragmas.keep and all(within(p.path, LISTS) for p in step.effects.deletes)


def _drop_missing(analysis: Analysis, marks: Marks, last: Step) -> None:
    """The author's removal of the lists behind an install that now removes them itself leaves if it would fail."""
    for step in analysis.steps[last.index + 1 :]:
        if step.index in marks.final and does(step, PackageAction.UPDATE):
            return
        if step.index in marks.final and misses_lists(step):
            marks.drop(step.index, "deletes lists that are gone by then")


def _cleaners(step: Step, there: set[str]) -> frozenset[str]:
    """The package manager's own programs where they only clean up or remove what is `there`.

    apt looks for any other name in its lists, and fails without them.
    """
    reading = {PackageAction.INSTALL, PackageAction.UPGRADE}
    changes = [c for c in step.effects.packages if c.manager == "apt"]
    unsure = any(c.action in GONE and {p.name for p in c.names} - there for c in changes)
    return frozenset() if unsure or not changes or any(c.action in reading for c in changes) else READERS


def _own_update(analysis: Analysis, marks: Marks, first: Step) -> Step | None:
    """The RUN before that only fetches the lists, if no other RUN of the final stage stands between."""
    for step in reversed(analysis.steps[: first.index]):
        if step.ordinal == first.ordinal or step.index not in marks.final or not step.is_run:
            continue
        alone = sum(s.ordinal == step.ordinal for s in analysis.steps) == 1
        fitting = alone and is_plain_root(step) and is_plain_root(first)
        alike = step.state.user == first.state.user and step.state.shell == first.state.shell
        return step if fitting and alike and does(step, PackageAction.UPDATE) else None
    return None


def _gap(text: str, run: tuple[Step, ...], last: Step) -> str:
    """What leads to one more command of the RUN, in the author's style of continuation."""
    members = [m for step in run for m in step.members]
    for gap in _gaps(text, members):
        return gap
    found = re.findall(r"[ \t]*[\\`][ \t]*\r?\n[ \t]*", last.members[0].span.of(text))
    return f"{found[-1]}&& " if found else " && "


def _gaps(text: str, members: list[Member]) -> Iterator[str]:
    """What stands between commands of a RUN, each on a line of its own, comments left out."""
    for before, after in pairwise(members):
        gap = text[before.span.end : after.span.start]
        lines = [line for line in gap.split("\n") if not line.lstrip().startswith("#")]
        stops = before.operator == "&&" or (before.operator == ";" and before.before.errexit)
        if stops and len(lines) == 2:
            yield "\n".join(lines)
