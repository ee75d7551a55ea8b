"""Instructions to steps: each instruction is one, a RUN is as many as its top-level list has members."""

from __future__ import annotations

from dataclasses import replace

from converter.context import Context
from converter.dockerfile.model import Dockerfile, ExecForm, Run, State
from converter.dockerfile.pragmas import Pragmas
from converter.effects.facts import Facts
from converter.effects.instructions import instruction_effects
from converter.effects.interpreter import members
from converter.effects.model import Effects, Member, Phase, ShellState, merge
from converter.effects.places import Place, join
from converter.effects.model import Basis, Write, WriteKind
from converter.graph.model import Step
from converter.graph.script_text import from_words
from converter.shell.model import Opaque, Script
from converter.shell.reader import is_shell, read, shell_options
from converter.span import Span


def steps_of(
    dockerfile: Dockerfile,
    states: tuple[State, ...],
    first: int,
    facts: Facts,
    context: Context | None,
    pragmas: dict[int, Pragmas],
) -> tuple[Step, ...]:
    """The steps of the stage whose FROM is instruction `first`; `pragmas` by instruction index."""
    steps: list[Step] = []
    memory = ShellState()
    for ordinal in range(first + 1, len(dockerfile.instructions)):
        instruction, state = dockerfile.instructions[ordinal], states[ordinal]
        if isinstance(instruction, Run):
            groups, memory = _groups(instruction, state, memory, facts)
        else:
            groups = (((), instruction_effects(instruction, state, context), instruction.span),)
        said = pragmas.get(ordinal, Pragmas())
        for group, effects, span in groups:
            told = _told(effects, said, state)
            steps.append(Step(len(steps), ordinal, instruction, state, told, span, group, said))
    return tuple(steps)


Group = tuple[tuple[Member, ...], Effects, Span]


def _groups(run: Run, state: State, memory: ShellState, facts: Facts) -> tuple[tuple[Group, ...], ShellState]:
    """The parts that a RUN may be cut into, each with its effects, and what later RUNs need to remember."""
    dialect = is_shell(state.shell)
    if dialect is None and not isinstance(run.form, ExecForm):
        return (((), Effects(Phase.OPAQUE, opaque="the SHELL is not one that is understood"), run.span),), memory
    script = from_words(run.form.words) if isinstance(run.form, ExecForm) else read(run.form.script, dialect or "sh")
    start = replace(
        memory,
        variables={**state.args, **state.env},
        exported=frozenset(state.env),
        directory=state.workdir,
        user=state.user,
        errexit="errexit" in shell_options(state.shell),
        functions={},
    )
    found, after = members(script, start, facts)
    if not found:
        return (((), Effects(), run.span),), after
    if isinstance(run.form, ExecForm) or not _cuttable(run, script):
        return ((found, merge(tuple(m.effects for m in found)), run.span),), after
    groups: list[list[Member]] = [[]]
    for member in found:
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


def _told(effects: Effects, said: Pragmas, state: State) -> Effects:
    """Effects with what the author says of them."""
    if not said.writes:
        return effects
    writes = tuple(
        Write(Place(join(state.workdir or "/", path), tree=True), WriteKind.INSTALL, Basis.PROVEN) for path in said.writes
    )
    return effects.with_(writes=effects.writes + writes, opaque=None, phase=Phase.BUILD if said.build else effects.phase)
