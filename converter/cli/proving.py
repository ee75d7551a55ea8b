"""`convert --build`: the conversion is built and compared, and handed out only where both images are equal."""

from __future__ import annotations

import argparse
import os
import tempfile

from converter.cli import building, output
from converter.config import Settings
from converter.convert import convert
from converter.dockerfile.reader import read
from converter.errors import UsageError
from converter.files.conversion import context_of
from converter.observed import Observed
from converter.outcome import Outcome
from converter.report.result import Result
from converter.report.verification import round_lines
from converter.verify.engines.finding import engine
from converter.verify.errors import VerifyError
from converter.verify.interrupts import interruptible
from converter.verify.proof import Conversion, prove


def proved(arguments: argparse.Namespace, settings: Settings, result: Result) -> Result:
    """The result after building; a refusal where the images differ. Raises UsageError where the engine fails."""
    try:
        with interruptible(), tempfile.TemporaryDirectory(prefix="multistage-") as folder:
            return _proved(arguments, settings, result, folder)
    except VerifyError as error:
        found = error.diagnostic
        raise UsageError(f"{found.code}: {found.message}", "; ".join(found.help)) from error


def _proved(arguments: argparse.Namespace, settings: Settings, result: Result, folder: str) -> Result:
    path: str = arguments.dockerfile
    source, options = result.source, settings.options()
    context = context_of(path, settings)
    build_args = dict(settings.build_args or ())

    def attempt(observed: Observed) -> Outcome:
        return convert(source.text, context=context, options=options, observed=observed, name=source.name)

    conversion = Conversion(
        read(source),
        attempt,
        lambda text: building.written(text, path, folder),
        lambda converted: building.intended(path, converted, build_args),
    )
    request = building.request(arguments, settings, path, path)
    with building.progress(arguments, settings) as progress:
        proof = prove(engine(arguments.engine, os.environ), request, conversion, progress)
    if not arguments.quiet:
        for number, each in enumerate(proof.rounds, 1):
            output.say(round_lines(number, each.added, each.verification), settings.color)
    return Result(source, proof.outcome, proof)
