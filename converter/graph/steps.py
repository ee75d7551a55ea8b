"""Instructions to steps: each instruction is one, a RUN is as many as its top-level list has members."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from converter.context import Context
from converter.dockerfile.model import Dockerfile, ExecForm, Run, ShellForm, State
from converter.dockerfile.pragmas import Pragmas
from converter.effects.facts import Facts
from converter.effects.instructions import instruction_effects, origins
from converter.effects.interpreter import members, shell_state
from converter.effects.model import Basis, Effects, Member, Phase, ShellState, Write, WriteKind, merge
from converter.effects.places import Place, join
from converter.graph.model import Step, carries_state
from converter.graph.script_text import from_words
from converter.graph.unpacking import named_contents
from converter.observed import NOTHING_OBSERVED, Observed
from converter.shell.dialects import is_shell
from converter.shell.model import Opaque, Script
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
) -> tuple[Step, ...]:
    """The steps of the stage whose FROM is instruction `first`; `pragmas` by instruction index."""
    steps: list[Step] = []
    shell: ShellState | None = None
    for ordinal in range(first + 1, len(dockerfile.instructions)):
        instruction, state = dockerfile.instructions[ordinal], states[ordinal]
        groups: tuple[Group, ...]
        made = tuple(w for step in steps for w in step.effects.writes)
        if isinstance(instruction, Run):
            groups, shell = _groups(instruction, state, shell, facts, tuple(w.place for w in made))
        else:
            effects = instruction_effects(instruction, state, context, dockerfile.escape, made)
            groups = (((), effects, instruction.span),)
            facts = facts.with_origins(origins(instruction, state, context, dockerfile.escape, made))
        said = pragmas.get(ordinal, Pragmas())
        for group, effects, span in _seen(groups, ordinal, observed):
            told = _told(effects, said, state)
            state_only = bool(group) and all(carries_state(member) for member in group)
            kept = replace(said, keep=True) if told.opaque and ordinal in observed.keeps else said
            steps.append(Step(len(steps), ordinal, instruction, state, told, span, group, kept, state_only))
    return tuple(steps)


Group = tuple[tuple[Member, ...], Effects, Span]


def _groups(
    run: Run, state: State, before: ShellState | None, facts: Facts, made: tuple[Place, ...]
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
    if isinstance(run.form, ExecForm) or not _cuttable(run, script):
        return ((found, merge(tuple(m.effects for m in found)), run.span),), after
    groups: list[list[Member]] = [[]]
    for member in _with_inputs(found):
        groups[-1].append(member)
        if member.operator != "&":
            groups.append([])
    return tuple(
        (tuple(group), merge(tuple(m.effects for m in group)), Span(group[0].span.start, group[-1].span.end))
        for group in groups
        if group
    ), after


def _cuttable(run: Run, script: Script) -> bool:
    """Whether members of the list can be parted in the text.

    A here-document that belongs to a command lies behind the command line, so such a RUN stays whole,
    as does one with text that no reader understands.
    """
    if any(isinstance(item.command, Opaque) for item in script.items):
        return False
    return not run.heredocs or all(heredoc.body.start <= script.span.start for heredoc in run.heredocs)


def _seen(groups: tuple[Group, ...], ordinal: int, observed: Observed) -> tuple[Group, ...]:
    """The parts of an instruction with what it was seen to write.

    Opaque parts have written it; paths that were missing come from the last part that makes anything.
    """
    writes = _observed_writes(observed.writes.get(ordinal, ())) if ordinal not in observed.keeps else ()
    missing = _observed_writes(observed.paths.get(ordinal, ()))
    if not writes and not missing:
        return groups
    makers = [at for at, (_, effects, _) in enumerate(groups) if effects.phase not in _MAKING_NOTHING]
    last = makers[-1] if makers else len(groups) - 1
    out = []
    for at, (group, effects, span) in enumerate(groups):
        found = (writes if effects.opaque else ()) + (missing if at == last else ())
        out.append((group, _with(effects, found) if found else effects, span))
    return tuple(out)


_MAKING_NOTHING = (Phase.CLEAN, Phase.PACKAGE, Phase.RUNTIME, Phase.BOTH)


def _observed_writes(paths: tuple[str, ...]) -> tuple[Write, ...]:
    return tuple(
        Write(Place(path.rstrip("/") or "/", path.endswith("/")), WriteKind.INSTALL, Basis.OBSERVED)
        for path in paths
    )


def _told(effects: Effects, said: Pragmas, state: State) -> Effects:
    """Effects with what the author says of them."""
    if not said.writes:
        return effects
    writes = tuple(
        Write(Place(join(state.workdir or "/", path), tree=True), WriteKind.INSTALL, Basis.PROVEN)
        for path in said.writes
    )
    return _with(effects, writes)


def _with(effects: Effects, writes: tuple[Write, ...]) -> Effects:
    """Effects of which it is known what they write."""
    phase = Phase.BUILD if effects.phase in (Phase.OPAQUE, Phase.NONE) else effects.phase
    return effects.with_(writes=effects.writes + writes, opaque=None, phase=phase)


def _with_inputs(found: tuple[Member, ...]) -> tuple[Member, ...]:
    """Members that also read what the commands read that gave the variables they use."""
    given: dict[str, Effects] = {}
    out: list[Member] = []
    for member in found:
        used = [given[name] for name in sorted(member.uses) if name in given]
        if used:
            effects = member.effects
            reads = tuple(dict.fromkeys([*effects.reads, *(p for e in used for p in e.reads)]))
            tools = tuple(dict.fromkeys([*effects.tools, *(t for e in used for t in e.tools)]))
            member = replace(member, effects=effects.with_(reads=reads, tools=tools))
        if carries_state(member) and (member.effects.reads or member.effects.tools):
            given |= dict.fromkeys(member.sets, member.effects)
        out.append(member)
    return tuple(out)
