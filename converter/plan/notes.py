"""Findings that change nothing in the result but that the user should know."""

from __future__ import annotations

import re
from collections.abc import Iterator

from converter.diagnostics import Diagnostic, Severity, diagnostic
from converter.dockerfile.model import Add, Arg, Copy, Env, Volume
from converter.effects.model import Basis
from converter.graph.model import Analysis
from converter.knowledge.image_choices import slim_sibling
from converter.knowledge.images import base_image
from converter.plan.bases.bare import BARE, needs_shell
from converter.plan.bases.static_programs import is_static
from converter.plan.copies.artifacts import Copies
from converter.plan.marks import Marks
from converter.plan.split import Bases, Packages

SECRET_NAME = re.compile(
    r"(?i)(^|_)(password|passwd|secret|token|api_?key|private_?key|access_?key|credentials?)($|_)"
)
SECRET_FILE = re.compile(
    r"(^|/)(id_rsa|id_dsa|id_ed25519|\.netrc|\.npmrc|\.pypirc|\.git-credentials|credentials\.json)$"
)


def notes_of(analysis: Analysis, marks: Marks, packages: Packages, bases: Bases) -> Iterator[Diagnostic]:
    """Notes and warnings on a conversion."""
    yield from secrets(analysis)
    yield from _moving_accounts(analysis, marks, packages)
    yield from unreadable(analysis)
    source = analysis.dockerfile.source
    if analysis.runtime.inherited:
        yield Diagnostic(
            "MS404",
            Severity.NOTE,
            "the file has no command of its own; the base image's command is what is run",
        )
    if (
        base_image(bases.final).family not in BARE
        and is_static(analysis)
        and not needs_shell(analysis, marks)
    ):
        yield Diagnostic(
            "MS508",
            Severity.NOTE,
            f"the program is static: it would run without {bases.final}",
            ("try --final-base distroless or --final-base scratch",),
        )
    for step in analysis.steps:
        if step.is_run and step.effects.opaque and step.index in marks.final:
            yield diagnostic(
                "MS303", Severity.NOTE, f"kept where it stands: {step.effects.opaque}", source, step.span
            )


def notes_on_unchanged(analysis: Analysis) -> Iterator[Diagnostic]:
    """Notes on a file that is left alone."""
    yield from secrets(analysis)
    slim = slim_sibling(analysis.base)
    if slim is not None and analysis.stage.image.text == analysis.base.reference:
        yield diagnostic(
            "MS503",
            Severity.NOTE,
            f"a smaller variant of the base exists: {slim}",
            analysis.dockerfile.source,
            analysis.stage.image.span,
            ("try it by hand: a slim base alone is no conversion",),
        )


def secrets(analysis: Analysis) -> Iterator[Diagnostic]:
    """Secrets in ARG, ENV and copied files: they stay in the builder's layers and history."""
    source = analysis.dockerfile.source
    for step in analysis.steps:
        found: list[str] = []
        match step.instruction:
            case Arg(pairs=pairs):
                found = [key.text for key, _ in pairs if SECRET_NAME.search(key.text)]
            case Env(pairs=pairs):
                found = [
                    key.text
                    for key, value in pairs
                    if SECRET_NAME.search(key.text) and value.text.strip("\"'")
                ]
            case Copy(sources=words) | Add(sources=words):
                found = [word.text for word in words if SECRET_FILE.search(word.text.strip("\"'"))]
            case _:
                pass
        if found:
            yield diagnostic(
                "MS507",
                Severity.WARNING,
                f"{', '.join(found)} looks like a secret: it stays readable in the image's history",
                source,
                step.instruction.span,
                ("pass it to the one RUN that needs it: RUN --mount=type=secret,id=NAME",),
            )


def _moving_accounts(analysis: Analysis, marks: Marks, packages: Packages) -> Iterator[Diagnostic]:
    """System accounts without a fixed id that are made after packages which the final stage does not install."""
    leaving = set(packages.leaving)
    volumes = any(isinstance(s.instruction, Volume) for s in analysis.steps)
    for step in analysis.steps:
        names = [a.name for a in step.effects.accounts if a.system and a.id is None]
        before = {p.name for s in analysis.steps[: step.index] for c in s.effects.packages for p in c.names}
        if names and step.index in marks.final and before & leaving:
            yield diagnostic(
                "MS506",
                Severity.WARNING if volumes else Severity.NOTE,
                f"the id of {names[0]} may differ from the original's: a package that leaves may have taken an id",
                analysis.dockerfile.source,
                step.span,
                ("give the account a fixed id (--uid, --gid) if files in volumes belong to it",),
            )


def unreadable(analysis: Analysis) -> Iterator[Diagnostic]:
    """What the container starts and nobody can read: a script of a context which was not given, a configuration."""
    if analysis.runtime.unreadable:
        yield Diagnostic(
            "MS403",
            Severity.NOTE,
            f"cannot read {analysis.runtime.unreadable[0]}; everything that it may use is kept",
            ("give the build context with --context, if it is a script of the context",),
        )


def proven_only(copies: Copies) -> Diagnostic | None:
    """Why `--strict` refuses: the first copy that rests on a convention; None if all is proven."""
    guessed = [a.source for a in copies.artifacts if a.basis is not Basis.PROVEN]
    for path in (*guessed, *(d.prefix for d in copies.differences)):
        return Diagnostic(
            "MS510",
            Severity.ERROR,
            f"--strict: that {path} holds all that is needed rests on a convention",
            ("name outputs (-o, install FILE), or leave out --strict",),
        )
    return None
