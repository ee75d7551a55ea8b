"""How much of the corpus and of the observed cases the effects explain."""

from __future__ import annotations

import collections
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from converter.dockerfile.model import ExecForm, Run, State
from converter.dockerfile.reader import read as read_dockerfile
from converter.dockerfile.state import image_reference, states
from converter.effects.evaluation import run_script, walk_item
from converter.effects.facts import Facts, facts_of
from converter.effects.interpreter import shell_state
from converter.effects.model import Effects, ShellState
from converter.effects.session import Session
from converter.errors import InputError
from converter.shell.dialects import is_shell
from converter.shell.model import Item
from converter.shell.reader import read as read_shell
from converter.span import SourceText

LANGUAGES = ("python", "node", "ruby", "php", "golang", "rust")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass
class Tally:
    """Counts over many files."""

    files: int = 0
    known_files: int = 0
    commands: int = 0
    opaque: int = 0
    seconds: float = 0.0
    reasons: collections.Counter[str] = field(default_factory=collections.Counter)
    names: collections.Counter[str] = field(default_factory=collections.Counter)
    examples: dict[str, str] = field(default_factory=dict)


def guessed_facts(image: str) -> Facts:
    """Facts from an image's name alone, as far as a measure needs them."""
    name = image.rpartition("/")[2].partition(":")[0]
    rpm = name in ("centos", "fedora", "rockylinux")
    family = "alpine" if "alpine" in image else "rpm" if rpm else "debian"
    return facts_of(family=family, language=name if name in LANGUAGES else "")


def measure_corpus(files: Iterable[tuple[str, str]]) -> Tally:
    """Evaluates every RUN of the single-stage files."""
    tally = Tally()
    for name, text in files:
        try:
            dockerfile = read_dockerfile(SourceText(text))
        except InputError:
            continue
        if len(dockerfile.stages) != 1:
            continue
        facts = guessed_facts(image_reference(dockerfile, dockerfile.stages[0]))
        tally.files += 1
        known = True
        before = None
        for instruction, state in zip(
            dockerfile.instructions, states(dockerfile, lambda _: State(env={"PATH": PATH})), strict=False
        ):
            if not isinstance(instruction, Run) or isinstance(instruction.form, ExecForm):
                continue
            dialect = is_shell(state.shell)
            if dialect is None:
                known = False
                continue
            script = read_shell(instruction.form.script, dialect)
            shell = shell_state(state, before)
            started = time.perf_counter()
            for item in script.items:
                effects, shell = _item(item, shell, facts, dialect, tally)
                for effect in effects:
                    if effect.opaque:
                        known = False
                        tally.opaque += 1
                        tally.reasons[effect.opaque] += 1
                        where = item.command.span.of(text)[:160]
                        tally.examples.setdefault(effect.opaque, f"{name}: {where!r}")
            tally.seconds += time.perf_counter() - started
            before = shell
        tally.known_files += known
    return tally


def _item(
    item: Item, shell: ShellState, facts: Facts, dialect: str, tally: Tally
) -> tuple[list[Effects], ShellState]:
    session = Session(facts, run_script, dialect)
    after = walk_item(item, shell, session)
    tally.commands += len(session.invocations)
    tally.names.update(invocation.name for invocation in session.invocations)
    return session.effects, after
