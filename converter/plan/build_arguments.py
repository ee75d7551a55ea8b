"""What a build argument decides is spelled with the author's variable in lines of ours.

Paths and owners do not tell which variables they were written with. So the file is planned once more for each build
argument that they may hold, with another value: what differs then is spelled with the variable, and what stays the
same holds the value by chance.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from converter.dockerfile.model import HOLE, Arg, Env, State
from converter.dockerfile.state import lookup, states
from converter.graph.model import Analysis, Step
from converter.knowledge.images import base_image, state_of
from converter.plan.bases.restate import VARIABLE
from converter.plan.spelling import Spans, Variable, in_copy, in_shell, spans, together
from converter.plan.split import Artifact, Operands, Placement, Split, Stage

Planned: TypeAlias = Callable[[Mapping[str, str]], tuple[Analysis, object]]
"""The file planned with more build arguments: its analysis, and a Split if it is converted then."""

_GIVEN = "\x7f"
"""A value that no file holds."""

_OTHERS = str.maketrans(
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "1234567898bcdefghijklmnopqrstuvwxyzyBCDEFGHIJKLMNOPQRSTUVWXYZY",
)


class Line(Struct, frozen=True):
    """Texts of ours in one stage, behind step `after` or before it: a COPY's operands, or whole lines."""

    stage: Stage
    after: int
    before: bool
    texts: tuple[str, ...]

    @property
    def last(self) -> int:
        """The last step that the line has above it."""
        return self.after - self.before


def with_variables(
    analysis: Analysis, split: Split, build_args: Mapping[str, str], planned: Planned
) -> Split:
    """The plan with variables in its lines, and with the ARGs that the final stage needs for them."""
    lines = _lines(split)
    found: list[tuple[Spans, ...]] = [tuple({} for _ in line.texts) for line in lines]
    for name, value in _probes(analysis, build_args, lines):
        other, again = planned({name: value})
        # with another value steps may do something else, and paths may join others or part from them
        alike = isinstance(again, Split) and len(again.artifacts) == len(split.artifacts)
        if isinstance(again, Split) and alike and len(other.steps) == len(analysis.steps):
            others = _lines(again)
            differences = [_difference(line, others, analysis, other, split) for line in lines]
            if None not in differences[: len(split.artifacts)]:
                found = [
                    known if more is None else tuple(map(together, known, more))
                    for known, more in zip(found, differences, strict=True)
                ]
    if not any(map(any, found)):
        return split
    count = len(split.artifacts)
    artifacts = tuple(map(_spelled, split.artifacts, found))
    insertions = tuple(
        replace(insertion, text=in_shell(insertion.text, each))
        for insertion, (each,) in zip(split.insertions, found[count:], strict=True)
    )
    used = [(v.name, line) for line, each in zip(lines, found, strict=True) for s in each for v in s.values()]
    placements = _with_arguments(analysis, split, used)
    return replace(split, artifacts=artifacts, insertions=insertions, placements=placements)


def _lines(split: Split) -> tuple[Line, ...]:
    """The lines of the artifacts, then those of the insertions."""
    copies = (
        Line(Stage.FINAL, a.producer, False, (a.source, a.destination, a.chown or ""))
        for a in split.artifacts
    )
    inserted = (Line(i.stage, i.after, i.before, (i.text,)) for i in split.insertions)
    return (*copies, *inserted)


def _spelled(artifact: Artifact, found: tuple[Spans, ...]) -> Artifact:
    if not any(found):
        return artifact
    operands = (artifact.source, artifact.destination, artifact.chown or "")
    source, destination, chown = map(in_copy, operands, found)
    return replace(artifact, spelled=Operands(source, destination, chown or None))


def _probes(
    analysis: Analysis, build_args: Mapping[str, str], lines: tuple[Line, ...]
) -> Iterator[tuple[str, str]]:
    """Build arguments whose value, or that of a variable made with it, stands in a line, each with another value.

    Those that FROM names decide more than the lines show.
    """
    written = "\n".join(text for line in lines for text in line.texts)
    names = {name for step in analysis.steps if isinstance(step.instruction, Arg) for name in _sets(step)}
    for name in sorted(names - set(VARIABLE.findall(analysis.stage.image.text))):
        default = analysis.final_state.args.get(name) or _default(analysis, build_args, name)
        other = _another(default)
        if other != default and HOLE not in default:
            then = _final_state(analysis, {**build_args, name: other})
            if any(v.old in written for v in _changed(analysis.final_state, then)):
                yield name, other


def _sets(step: Step) -> list[str]:
    """The names that an ARG or ENV sets."""
    assert isinstance(step.instruction, (Arg, Env))
    return [name.text for name, _ in step.instruction.pairs]


def _another(value: str) -> str:
    """A value of the same kind and length: the last letter or digit is another one."""
    found = re.match(r"(.*)([a-zA-Z0-9])", value, re.DOTALL)
    return value if found is None else found[1] + found[2].translate(_OTHERS) + value[found.end() :]


def _default(analysis: Analysis, build_args: Mapping[str, str], name: str) -> str:
    """What stands for a build argument that has no value: `ENV HOME ${HOME_DIR:-/srv}`."""
    for variable in _changed(analysis.final_state, _final_state(analysis, {**build_args, name: _GIVEN})):
        head, given, tail = variable.new.partition(_GIVEN)
        if given and variable.old.startswith(head) and variable.old.endswith(tail):
            return variable.old[len(head) : len(variable.old) - len(tail)]
    return ""


def _final_state(analysis: Analysis, build_args: Mapping[str, str]) -> State:
    return states(analysis.dockerfile, lambda reference: state_of(base_image(reference)), build_args)[-1]


def _changed(now: State, then: State) -> Iterator[Variable]:
    """The variables that have one known value in one state and another in the other."""
    for name in dict.fromkeys((*now.env, *now.args)):
        old, new = lookup(now)(name) or "", lookup(then)(name) or ""
        if old and new and old != new and HOLE not in old + new:
            yield Variable(name, old, new)


def _difference(
    line: Line, others: tuple[Line, ...], analysis: Analysis, other: Analysis, split: Split
) -> tuple[Spans, ...] | None:
    """Where variables stand in a line, by the one that takes its place where they have other values, if any does."""
    if line in others:
        return tuple({} for _ in line.texts)
    variables = _variables(line, analysis, other, split)
    for each in others:
        if replace(each, texts=line.texts) == line and len(each.texts) == len(line.texts):
            found = [spans(*pair, variables) for pair in zip(line.texts, each.texts, strict=True)]
            if None not in found:
                return tuple(s or {} for s in found)
    return None


def _variables(line: Line, analysis: Analysis, other: Analysis, split: Split) -> tuple[Variable, ...]:
    """The variables that a line can name of those that differ, the longest value first."""
    at = line.last + 1
    now, then = (a.steps[at].state if at < len(a.steps) else a.final_state for a in (analysis, other))
    known = [v for v in _changed(now, then) if _is_set(v.name, now, line.stage, split, analysis.steps[:at])]
    return tuple(sorted(known, key=lambda v: -len(v.old)))


def _is_set(name: str, state: State, stage: Stage, split: Split, steps: tuple[Step, ...]) -> bool:
    """Whether a variable has its value in a stage behind some steps; the final stage can have any ARG."""
    kind = Env if name in state.env else Arg
    setters = [s.index for s in steps if isinstance(s.instruction, kind) and name in _sets(s)]
    if not setters or (kind is Arg and stage is Stage.FINAL):
        return bool(setters)
    placement = split.placements[setters[-1]]
    return placement.builder if stage is Stage.BUILDER else placement.final


def _with_arguments(analysis: Analysis, split: Split, used: list[tuple[str, Line]]) -> tuple[Placement, ...]:
    """The placements, with the ARGs in the final stage that its lines name, and those that these are made of."""
    wanted: dict[str, int] = {}
    for name, line in used:
        if line.stage is Stage.FINAL:
            wanted[name] = max(line.last, wanted.get(name, -1))
    placements = list(split.placements)
    for step in reversed(analysis.steps):
        if isinstance(step.instruction, Arg) and any(step.index <= wanted.get(n, -1) for n in _sets(step)):
            shown = step.instruction.span.of(analysis.dockerfile.source.text)
            wanted |= {name: max(step.index, wanted.get(name, -1)) for name in VARIABLE.findall(shown)}
            placement = placements[step.index]
            if not placement.final:
                code = "MS522" if placement.builder else "MS521"
                reason = "names what is copied"
                placements[step.index] = replace(placement, final=True, reason=reason, code=code)
    return tuple(placements)
