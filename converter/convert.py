"""The pipeline: text → Dockerfile → analysis → plan → new text, checked. Only this module knows the order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from converter.context import Context
from converter.diagnostics import Diagnostic, Severity, diagnostic
from converter.dockerfile.model import Dockerfile, From, Onbuild
from converter.dockerfile.pragmas import FilePragmas, pragmas
from converter.dockerfile.reader import read
from converter.errors import InputError
from converter.observed import NOTHING_OBSERVED, Observed
from converter.options import Options
from converter.outcome import Converted, Failed, Invalid, Outcome, Refused, Unchanged
from converter.span import SourceText

if TYPE_CHECKING:
    from converter.graph.model import Analysis
    from converter.plan.planner import Nothing
    from converter.plan.split import Split


def convert(
    text: str,
    *,
    context: Context | None = None,
    options: Options | None = None,
    observed: Observed = NOTHING_OBSERVED,
    name: str = "Dockerfile",
) -> Outcome:
    """Split a single-stage Dockerfile into a builder and a minimal final stage.

    `observed` are facts from building it, which count more than what the text alone tells.

    Never raises on any text: a file that BuildKit rejects is `Invalid`, a bug of ours `Failed`.
    """
    try:
        dockerfile = read(SourceText(text, name))
        said = pragmas(dockerfile)
        unsuitable = _unsuitable(dockerfile, said)
        return unsuitable or _convert(dockerfile, said, context, options or Options(), observed)
    except InputError as error:
        return Invalid(error.diagnostic)
    except (
        ArithmeticError,
        AssertionError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
    ) as error:
        import logging
        import traceback

        logging.getLogger(__name__).debug("%s", name, exc_info=error)
        place = traceback.extract_tb(error.__traceback__)[-1]
        message = f"{type(error).__name__} in {place.name}: {error}"
        return Failed(
            Diagnostic(
                "MS690",
                Severity.ERROR,
                f"a bug in this program: {message}",
                ("please report it with the Dockerfile",),
            )
        )


def _convert(
    dockerfile: Dockerfile,
    said: FilePragmas,
    context: Context | None,
    options: Options,
    observed: Observed,
) -> Outcome:
    from converter.emit.check import complaints
    from converter.emit.dockerfile import emit
    from converter.graph.analysis import analyse
    from converter.plan.build_arguments import with_variables
    from converter.plan.planner import Nothing, plan
    from converter.plan.summary import summary

    build_args = dict(options.build_args)

    def planned(more: Mapping[str, str]) -> tuple[Analysis, Split | Nothing]:
        analysis = analyse(dockerfile, said, context, {**build_args, **more}, observed)
        return analysis, plan(analysis, options, context)

    analysis, split = planned({})
    if isinstance(split, Nothing):
        outcome = Refused if split.refused else Unchanged
        return outcome(split.reason, None, (*said.diagnostics, *split.notes))
    split = with_variables(analysis, split, build_args, planned)
    result = emit(analysis, split)
    wrong = complaints(analysis, split, result, build_args)
    if wrong:
        return Failed(
            Diagnostic(
                "MS601",
                Severity.ERROR,
                f"the self-check failed: {'; '.join(wrong)}",
                ("please report it with the Dockerfile",),
            )
        )
    return Converted(result, summary(analysis, split, options.graph), (*said.diagnostics, *split.notes))


def _unsuitable(dockerfile: Dockerfile, said: FilePragmas) -> Outcome | None:
    """Files that no plan is made for: several stages, ONBUILD, Windows, or the author says so."""
    source, stages = dockerfile.source, dockerfile.stages
    notes = said.diagnostics
    if len(stages) > 1:
        return Unchanged(
            diagnostic("MS120", Severity.NOTE, "already multi-stage", source, stages[1].span), None, notes
        )
    if said.file.skip_file:
        return Unchanged(
            Diagnostic("MS121", Severity.NOTE, "the file asks to be left alone (skip-file)"), None, notes
        )
    for instruction in dockerfile.instructions:
        if isinstance(instruction, Onbuild):
            return Refused(
                diagnostic(
                    "MS122",
                    Severity.ERROR,
                    "ONBUILD makes this a base for others, whose build runs in it",
                    source,
                    instruction.span,
                    ("convert the files that build on it instead",),
                ),
                None,
                notes,
            )
    return _foreign(stages[0], dockerfile, notes)


def _foreign(stage: From, dockerfile: Dockerfile, notes: tuple[Diagnostic, ...]) -> Outcome | None:
    from converter.knowledge.images import base_image

    source, base = dockerfile.source, base_image(stage.image.text)
    if base.onbuild:
        return Refused(
            diagnostic(
                "MS122",
                Severity.ERROR,
                f"{stage.image.text} runs ONBUILD triggers in every stage that uses it",
                source,
                stage.image.span,
                ("use the image without -onbuild and write its steps out",),
            ),
            None,
            notes,
        )
    windows = base.family == "windows" or re.match(r"windows/", stage.platform or "")
    if windows or (dockerfile.escape == "`" and re.search(r"(?i)powershell|cmd(\.exe)?\b", source.text)):
        return Refused(
            diagnostic(
                "MS123",
                Severity.ERROR,
                "Windows images are not supported",
                source,
                stage.span,
                ("convert the Linux variant of the file",),
            ),
            None,
            notes,
        )
    if len(dockerfile.instructions) == dockerfile.instructions.index(stage) + 1:
        return Unchanged(
            diagnostic("MS124", Severity.NOTE, "nothing but a base image", source, stage.span), None, notes
        )
    return None
