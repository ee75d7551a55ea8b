"""Instructions to steps: each instruction is one, a RUN is as many as its top-level list has members."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from converter.context import Context
from converter.dockerfile.model import Dockerfile, ExecForm, Run, ShellForm, State
from converter.dockerfile.pragmas import Pragmas
from converter.effects.facts import Facts
from converter.effects.instructions import instruction_effects, origins
from converter.effects.interpreter import members, shell_state
from converter.effects.memory import added_texts, written_texts
from converter.effects.model import Basis, Effects, Member, Phase, ShellState, Write, WriteKind, merge
from converter.effects.places import Place, ancestors, join
from converter.graph.model import Step, carries_state
from converter.graph.new_files import new_files
from converter.graph.parting import is_cuttable, parted
from converter.graph.script_text import from_words
from converter.graph.seen import Group, seen, with_writes
from converter.graph.unpacking import named_by_archives, named_contents
from converter.observed import NOTHING_OBSERVED, Observed
from converter.shell.dialects import is_shell
from converter.shell.reader import read
from converter.span import Span


def steps_of(
    dockerfile: Dockerfile,
    states: tuple[State, ...],
    first: int,
    facts: Facts,
    context: Context | None,
    pragmas: Mapping[int, Pragmas],
    observed: Observed = NOTHING_OBSERVED,
    plain: bool = False,
) -> tuple[tuple[Step, ...], Mapping[str, str]]:
    """The steps of the stage whose FROM is instruction `first`, and the texts of files that they write out.

    `pragmas` are those by instruction index; `plain` says that the base has no entry scripts of its own.
    """
    steps: list[Step] = []
    made: list[Place] = []
    directories: set[str] = set()
    shell: ShellState | None = None
    for ordinal in range(first + 1, len(dockerfile.instructions)):
        instruction, state = dockerfile.instructions[ordinal], states[ordinal]
        groups: tuple[Group, ...]
        if isinstance(instruction, Run):
            groups, shell = _groups(instruction, state, shell, facts, made)
        else:
            where = (instruction, state, context, dockerfile.escape, directories)
            groups = (((), instruction_effects(*where), instruction.span),)
            facts = facts.with_origins(origins(*where))
        said = pragmas.get(ordinal, Pragmas())
        for group, effects, span in seen(groups, ordinal, observed):
            told = _told(effects, said, state)
            directories.update(_directories(told))
            made.extend(write.place for write in told.writes)
            state_only = bool(group) and all(carries_state(member) for member in group)
            kept = replace(said, keep=True) if told.opaque and ordinal in observed.keeps else said
            steps.append(Step(len(steps), ordinal, instruction, state, told, span, group, kept, state_only))
    done = named_by_archives(tuple(steps))
    if shell is None:
        return done, {}
    added = new_files(added_texts(shell), done) if plain else {}
    return done, added | written_texts(shell, facts)


def _directories(effects: Effects) -> Iterator[str]:
    """Directories that are certainly there afterwards: those made by name, and those around what is written."""
    for write in effects.writes:
        if write.kind is not WriteKind.BOOK and write.place.exact:
            itself = write.kind is WriteKind.DIRECTORY or (write.place.tree and write.kind is WriteKind.FETCH)
            yield from ancestors(write.place.path if itself else posixpath.dirname(write.place.path))


def _groups(
    run: Run, state: State, before: ShellState | None, facts: Facts, made: Sequence[Place]
) -> tuple[tuple[Group, ...], ShellState]:
    """The parts that a RUN may be cut into, each with its effects, and what later RUNs need to remember.

    `made` is what earlier instructions wrote.
    """
    dialect = is_shell(state.shell)
    start = shell_state(state, before)
    if isinstance(run.form, ShellForm) and (dialect is None or run.form.interpreter):
        reason = "the SHELL is not one that is understood"
        return (((), Effects(Phase.OPAQUE, opaque=reason), run.span),), start
    script = (
        from_words(run.form.words)
        if isinstance(run.form, ExecForm)
        else read(run.form.script, dialect or "sh")
    )
    found, after = members(script, start, facts, dialect or "sh")
    if not found:
        return (((), Effects(), run.span),), after
    found = named_contents(found, made)
    if isinstance(run.form, ExecForm) or not is_cuttable(run, script):
        return ((found, merge(tuple(m.effects for m in found)), run.span),), after
    return tuple(
        (group, merge(tuple(m.effects for m in group)), Span(group[0].span.start, group[-1].span.end))
        for group in parted(_with_inputs(found))
    ), after


def _told(effects: Effects, said: Pragmas, state: State) -> Effects:
    """Effects with what the author says of them."""
    if not said.writes:
        return effects
    writes = tuple(
        Write(Place(join(state.workdir or "/", path), tree=True), WriteKind.INSTALL, Basis.PROVEN)
        for path in said.writes
    )
    return with_writes(effects, writes)


def _with_inputs(found: tuple[Member, ...]) -> tuple[Member, ...]:
    """Members that also read what the commands read that gave the variables they use."""
    given: dict[str, Effects] = {}
    out: list[Member] = []
    for member in found:
        used = [given[name] for name in sorted(member.uses) if name in given] if given else ()
        if used:
            effects = member.effects
            reads = tuple(dict.fromkeys([*effects.reads, *(p for e in used for p in e.reads)]))
            tools = tuple(dict.fromkeys([*effects.tools, *(t for e in used for t in e.tools)]))
            member = replace(member, effects=effects.with_(reads=reads, tools=tools))
        if carries_state(member) and (member.effects.reads or member.effects.tools):
            given |= dict.fromkeys(member.sets, member.effects)
        out.append(member)
    return tuple(out)
