"""ENV, ARG, SHELL, WORKDIR and USER: repeated in each stage where something there needs them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

from converter.dockerfile.model import Add, Arg, Copy, Env, Run, User, Workdir
from converter.effects.directories import cares_about_directory
from converter.effects.environment import may_read_any
from converter.effects.model import Phase
from converter.effects.places import Place
from converter.graph.model import Analysis, Step
from converter.knowledge.programs import is_read_everywhere
from converter.plan.edits import edited, uses_left
from converter.plan.evidence.ground import Ground
from converter.plan.evidence.provenance import only_deletes
from converter.plan.marks import AMBIENT, Marks
from converter.plan.split import Edit
from converter.shell.model import Simple

IN_FORCE = "is in force for later steps of the stage"

Edits: TypeAlias = Mapping[int, tuple[Edit, ...]]


def place_ambient(ground: Ground, marks: Marks) -> None:
    """Set the marks of every instruction that only changes the state of a stage, and of shell state inside RUNs."""
    _place(ground, marks)
    if _account_for_users(marks):
        _place(ground, marks)  # for the steps that make the accounts


def _place(ground: Ground, marks: Marks) -> None:
    steps = marks.steps
    last_built = max((s.index for s in steps if s.index in marks.builder and not _ambient(s)), default=-1)
    for step in steps:
        if step.state_only:
            mates = [s for s in steps if s.ordinal == step.ordinal and not s.state_only]
            marks.put(
                step.index,
                any(m.index in marks.builder for m in mates),
                any(m.index in marks.final for m in mates),
                "changes the state of the shell",
            )
            continue
        if not _ambient(step):
            continue
        builder = step.index < last_built
        final = True
        match step.instruction:
            case User():
                made = _directories_made(steps, step)
                builder = builder and (
                    before_next(steps, step, User, marks.builder)
                    or (
                        _is_new(ground, step, marks.builder)
                        and any(w.index < last_built and _works_in_builder(marks, w) for w in made)
                    )
                )
                final = (
                    is_last(steps, step, User)
                    or before_next(steps, step, User, marks.final)
                    or (
                        _is_new(ground, step, marks.final)
                        and any(_works_in_final(ground, marks, w) for w in made)
                    )
                )
            case Workdir():
                builder = builder and _works_in_builder(marks, step)
                final = _works_in_final(ground, marks, step)
            case _:
                pass
        marks.put(step.index, builder, final, IN_FORCE)


def place_arguments(analysis: Analysis, marks: Marks, edits: Edits) -> None:
    """The final stage repeats an ARG only for what is left there; the last comes first, since it may name others.

    `edits` are those of the final stage's steps: what they take away is no use.
    """
    text = analysis.dockerfile.source.text
    for step in reversed(marks.steps):
        if isinstance(step.instruction, Arg) and step.index in marks.final:
            names = [key.text for key, _ in step.instruction.pairs]
            following = marks.steps[step.index + 1 :]
            hidden = not any(_mentions(text, s, names) for s in following)
            final = any(
                _mentions(text, s, names, edits.get(s.index, ()))
                or (s.is_run and _may_read(s, names, hidden))
                for s in following
                if (s.index in marks.final and _is_left(marks, s, edits)) or isinstance(s.instruction, Env)
            )
            marks.put(step.index, step.index in marks.builder, final, IN_FORCE)


def _is_left(marks: Marks, step: Step, edits: Edits) -> bool:
    """Whether the final stage's part of a RUN has a step: an assignment or `cd` only if something there needs it."""
    if not step.state_only:
        return True
    later = [s for s in marks.steps[step.index + 1 :] if s.ordinal == step.ordinal and s.index in marks.final]
    if _goes_to(step) is not None:
        return _works_where_it_leads(step, later)
    names = {name for member in step.members for name in member.sets}
    return not names or any(
        names & uses_left(member, edits.get(other.index, ())) and _is_left(marks, other, edits)
        for other in later
        for member in other.members
    )


def _goes_to(step: Step) -> str | None:
    """The word after a `cd`, or None if a step is none."""
    command = step.members[0].command if len(step.members) == 1 else None
    words = command.words if isinstance(command, Simple) else ()
    return words[1].text.strip("\"'") if len(words) == 2 and words[0].text == "cd" else None


def _works_where_it_leads(step: Step, later: list[Step]) -> bool:
    """Whether a later step of the RUN may need a `cd`: another one, to a whole path, leads away wherever it starts."""
    last = step
    for other in later:
        if _goes_to(other) is not None:
            last = other
        elif any(cares_about_directory(member) for member in other.members):
            if last is step or not (_goes_to(last) or "").startswith("/"):
                return True
    return False


def _ambient(step: Step) -> bool:
    return isinstance(step.instruction, AMBIENT)


def _mentions(text: str, step: Step, names: list[str], edits: tuple[Edit, ...] = ()) -> bool:
    shown = edited(text, step.span if step.is_run else step.instruction.span, edits)
    return any(re.search(rf"\$\{{?{re.escape(name)}(?![A-Za-z0-9_])", shown) for name in names)


def _may_read(step: Step, names: list[str], hidden: bool) -> bool:
    """Whether programs of a RUN may look at a build argument in their environment without being shown it.

    One that is `hidden`, since the file shows it to nobody, is there for the project's own code.
    """
    if step.phase is Phase.OPAQUE or (hidden and may_read_any(step.effects, step.invocations)):
        return True
    return not step.state_only and any(map(is_read_everywhere, names))


def is_last(steps: tuple[Step, ...], step: Step, kind: type) -> bool:
    """Whether no instruction of the same kind follows."""
    return not any(isinstance(s.instruction, kind) for s in steps[step.index + 1 :])


def before_next(steps: tuple[Step, ...], step: Step, kind: type, stage: set[int]) -> bool:
    """Whether a RUN, COPY or ADD of a stage stands before the next instruction of the same kind."""
    for other in steps[step.index + 1 :]:
        if isinstance(other.instruction, kind):
            return False
        if other.index in stage and isinstance(other.instruction, (Run, Copy, Add)) and not other.state_only:
            if kind is not Workdir or works_there(other):
                return True
    return False


def _works_in_builder(marks: Marks, step: Step) -> bool:
    steps = marks.steps
    return before_next(steps, step, Workdir, marks.builder) or not is_last(steps, step, Workdir)


def _works_in_final(ground: Ground, marks: Marks, step: Step) -> bool:
    steps = marks.steps
    return (
        is_last(steps, step, Workdir)
        or not _gone(ground, step)
        or before_next(steps, step, Workdir, marks.final)
        or relative_next(steps, step)
    )


def _directories_made(steps: tuple[Step, ...], user: Step) -> list[Step]:
    """The WORKDIRs before the next USER: a directory that one makes belongs to the user in force."""
    found: list[Step] = []
    for other in steps[user.index + 1 :]:
        if isinstance(other.instruction, User):
            break
        if isinstance(other.instruction, Workdir) and other.effects.writes:
            found.append(other)
    return found


def _is_new(ground: Ground, user: Step, stage: set[int]) -> bool:
    """Whether a USER names another than the one that is in force in a stage, whose USERs before it are placed."""
    steps = ground.analysis.steps
    before = [s.instruction for s in steps[: user.index] if s.index in stage]
    names = [i.name.text for i in before if isinstance(i, User)]
    own = user.instruction.name.text if isinstance(user.instruction, User) else ""
    return (names[-1] if names else ground.analysis.base.user or "root") != own


def works_there(step: Step) -> bool:
    """Whether a step names something by a path seen from the work directory."""
    if isinstance(step.instruction, (Copy, Add)):
        return not step.instruction.destination.text.strip("\"'").startswith("/")
    if not step.members or any(cares_about_directory(m) for m in step.members):
        return True
    # a command that does not show it may look at its directory all the same
    return step.phase in (Phase.OPAQUE, Phase.NONE, Phase.BUILD, Phase.LIBRARY) and not only_deletes(step)


def _gone(ground: Ground, step: Step) -> bool:
    return all(ground.gone(Place(w.place.path)) for w in step.effects.writes)


def relative_next(steps: tuple[Step, ...], step: Step) -> bool:
    """Whether the next WORKDIR goes on from the directory of this one."""
    for other in steps[step.index + 1 :]:
        if isinstance(other.instruction, Workdir):
            return not other.instruction.path.text.strip("\"'").startswith(("/", "$"))
    return False


def _account_for_users(marks: Marks) -> bool:
    """Accounts that a USER of the builder names are made there; whether any step is there for it now."""
    named = {
        s.instruction.name.text.split(":")[0]
        for s in marks.steps
        if s.index in marks.builder and isinstance(s.instruction, User)
    }
    makers = [s.index for s in marks.steps if any(a.name in named for a in s.effects.accounts)]
    added = set(makers) - (marks.builder & marks.final)
    for index in makers:
        marks.to_both(index, "the account is needed in both stages")
    return bool(added)
