"""The self-check: what every result must fulfil before a caller sees it.

It reads the new text anew and compares. A complaint is a bug of this program, never of the user's file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from converter.dockerfile.model import (
    Cmd,
    Copy,
    Dockerfile,
    Entrypoint,
    ExecForm,
    Expose,
    Form,
    From,
    Healthcheck,
    Label,
    Onbuild,
    Run,
    Shell,
    State,
    Stopsignal,
    User,
    Volume,
)
from converter.dockerfile.reader import read
from converter.dockerfile.state import expand_in, states
from converter.errors import InputError
from converter.graph.model import Analysis
from converter.knowledge.images import base_image, state_of
from converter.plan.split import Split
from converter.span import SourceText


def complaints(analysis: Analysis, split: Split, text: str, build_args: Mapping[str, str]) -> tuple[str, ...]:
    """Everything that is wrong with a result; empty for a good one."""
    try:
        made = read(SourceText(text, "the converted file"))
    except InputError as error:
        return (f"it does not parse: {error.diagnostic.message}",)
    before = states(made, lambda reference: state_of(base_image(reference)), build_args)
    return (
        *_stages(made),
        *_copies(split, made, before),
        *_packages(split, made),
        *_configuration(analysis, made, before[-1]),
        *_accounts(analysis, made),
    )


def _stages(made: Dockerfile) -> Iterator[str]:
    """Two stages, every `--from` names the first, and it is used."""
    if len(made.stages) != 2:
        yield f"it has {len(made.stages)} stages"
        return
    name = made.stages[0].name
    used = False
    for instruction in made.instructions:
        if isinstance(instruction, Copy) and (source := instruction.flag("from")) is not None:
            used = used or source.lower() == name
            if source.lower() == name and any(not w.text.startswith(("/", "$")) for w in instruction.sources):
                yield f"a COPY --from source is not absolute: {instruction.sources[0].text}"
    if not used:
        yield "nothing comes from the builder"


def _copies(split: Split, made: Dockerfile, before: tuple[State, ...]) -> Iterator[str]:
    """Every path of the plan comes from the builder, whatever variables it is spelled with."""
    copied = set()
    for instruction, state in zip(made.instructions, before, strict=False):
        if isinstance(instruction, Copy) and instruction.flag("from") is not None:
            *sources, destination = (
                expand_in(state, w.text, made.escape) for w in (*instruction.sources, instruction.destination)
            )
            copied |= {(source, destination.rstrip("/")) for source in sources}
    for artifact in split.artifacts:
        if (artifact.source, artifact.destination.rstrip("/")) not in copied:
            yield f"{artifact.source} is not copied to {artifact.destination}"


def _packages(split: Split, made: Dockerfile) -> Iterator[str]:
    """Every package that the plan adds is named in the final stage."""
    final = made.source.text[made.stages[-1].span.end :]
    for name in split.packages.added:
        if not re.search(rf"(?<![\w.+-]){re.escape(name)}(?![\w.+-])", final):
            yield f"the package {name} is added and not installed"


def _configuration(analysis: Analysis, made: Dockerfile, final: State) -> Iterator[str]:
    """The run-time configuration is the author's."""
    first = max(i for i, instruction in enumerate(made.instructions) if isinstance(instruction, From))
    old = analysis.dockerfile.instructions
    for kind in (Expose, Volume, Label, Onbuild, Shell, Healthcheck, Cmd, Entrypoint, Stopsignal):
        before = [_essence(i) for i in old if isinstance(i, kind)]
        after = [_essence(i) for i in made.instructions[first:] if isinstance(i, kind)]
        if (before and before[-1] not in after) or (
            kind in (Expose, Volume, Label) and not set(before) <= set(after)
        ):
            yield f"{kind.__name__.upper()} differs"
    wanted = analysis.final_state
    if final.workdir != wanted.workdir:
        yield f"WORKDIR {wanted.workdir} became {final.workdir}"
    if final.user != wanted.user:
        yield f"USER {wanted.user!r} became {final.user!r}"
    base_env = analysis.base.env
    for name, value in wanted.env.items():
        if name not in base_env and final.env.get(name) != value:
            yield f"ENV {name} differs"


def _essence(instruction: object) -> str:
    match instruction:
        case Cmd(form=form) | Entrypoint(form=form):
            return _form(form)
        case Healthcheck(form=form):
            return _form(form) if form else "NONE"
        case Expose(ports=words) | Volume(paths=words):
            return " ".join(w.text for w in words)
        case Label(pairs=pairs):
            return " ".join(f"{k.text}={v.text}" for k, v in pairs)
        case Stopsignal(signal=word):
            return word.text
        case Shell(words=words):
            return repr(words)
        case _:
            return type(instruction).__name__


def _form(form: Form) -> str:
    return repr(form.words) if isinstance(form, ExecForm) else form.script.text


def _accounts(analysis: Analysis, made: Dockerfile) -> Iterator[str]:
    """Accounts that this file makes and a stage's USER names are made in that stage."""
    accounts: set[str] = set()
    unmade: set[str] = set()  # named before they are made: the base has them, or the original is broken
    for step in analysis.steps:
        accounts |= {a.name for a in step.effects.accounts} - unmade
        if isinstance(step.instruction, User):
            unmade |= {step.instruction.name.text.split(":")[0]} - accounts
    run = ""
    for instruction in made.instructions:
        match instruction:
            case From():
                run = ""
            case Copy(sources=sources) if any(w.text == "/etc/passwd" for w in sources):
                run += " ".join(accounts)
            case Run():
                run += instruction.span.of(made.source.text)
            case User(name=word):
                name = word.text.split(":")[0]
                made_by_variable = "$" in run and ("useradd" in run or "adduser" in run)
                if name in accounts and name not in run and not made_by_variable:
                    yield f"USER {name} stands in a stage that does not make the account"
            case _:
                pass
