"""What `verify` and `convert --build` share: the options of building, the request they make, and the progress.

Nothing of `verify/` is imported before something is built: a plain conversion must not pay for it.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from converter.cli import output
from converter.config import NO_CONTEXT, Settings
from converter.errors import UsageError
from converter.files.reading import encoded
from converter.report.lines import line
from converter.verify.engines.names import AUTO, NAMES

if TYPE_CHECKING:
    from converter.verify.comparison import Intended
    from converter.verify.verification import Request

DEFAULT_SECONDS = 3600.0
IGNORE_FILE = ".dockerignore"


def add(group: argparse._ArgumentGroup) -> None:
    """Add the options of building and comparing."""
    group.add_argument("--checks", metavar="FILE", help="what to ask both containers (checks.toml)")
    group.add_argument(
        "--engine", choices=(AUTO, *NAMES), default=AUTO, help="default: the first that answers"
    )
    group.add_argument(
        "--timeout", metavar="SECONDS", type=_seconds, default=DEFAULT_SECONDS,
        help=f"limit of each step (default: {DEFAULT_SECONDS:g})",
    )  # fmt: skip
    group.add_argument(
        "--secret", metavar="SPEC", action="append", help="as in docker build; may be repeated"
    )
    group.add_argument("--ssh", metavar="SPEC", action="append", help="as in docker build; may be repeated")
    group.add_argument(
        "--build-option", metavar="OPTION", action="append",
        help="given to the engine's build command as it is: --build-option=--network=host",
    )  # fmt: skip
    group.add_argument("--log-dir", metavar="DIR", help="where the builds' logs go (default: a new folder)")
    group.add_argument("--keep", action="store_true", help="leave images and containers there")


def request(arguments: argparse.Namespace, settings: Settings, original: str, converted: str) -> Request:
    """What is to be built and compared."""
    from converter.verify.running.checks_file import read_checks
    from converter.verify.verification import Request

    build_args = settings.build_args or ()
    return Request(
        original=original,
        converted=converted,
        context=_context(original, settings),
        logs=_logs(arguments.log_dir),
        checks=read_checks(arguments.checks) if arguments.checks else None,
        build_args=tuple(f"{name}={value}" for name, value in build_args),
        secrets=tuple(arguments.secret or ()),
        ssh=tuple(arguments.ssh or ()),
        options=tuple(arguments.build_option or ()),
        seconds=arguments.timeout,
        keep=arguments.keep,
        intended=intended(original, converted, dict(build_args)),
    )


def intended(original: str, converted: str, build_args: dict[str, str]) -> Intended:
    """What the change of the base alone explains, what steps make at random, and which accounts they name."""
    from msgspec.structs import replace

    from converter.verify.bases import final_base, own_accounts, own_labels, random_files
    from converter.verify.comparison import Intended
    from converter.verify.intended import intended_by_bases

    known = Intended(random=random_files(original), accounts=own_accounts(original))
    before, after = final_base(original, build_args), final_base(converted, build_args)
    if before is None or after is None or before == after:
        return known
    by_bases = intended_by_bases(before, after)
    return replace(by_bases, own_labels=own_labels(original), random=known.random, accounts=known.accounts)


def written(dockerfile: str, original: str, folder: str) -> str:
    """A file for the builder; an ignore file that goes with the original's name goes with this one too."""
    path = os.path.join(folder, "converted.Dockerfile")
    with open(path, "wb") as file:
        file.write(encoded(dockerfile))
    if os.path.isfile(original + IGNORE_FILE):
        with open(original + IGNORE_FILE, "rb") as source, open(path + IGNORE_FILE, "wb") as target:
            target.write(source.read())
    return path


def _context(original: str, settings: Settings) -> str:
    if settings.context == NO_CONTEXT:
        raise UsageError("a build needs a context", "name its folder with --context DIR")
    return settings.context or os.path.dirname(original) or "."


def _logs(folder: str | None) -> str:
    if folder is None:
        return tempfile.mkdtemp(prefix="multistage-verify-")
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise UsageError(f"--log-dir {folder}: {(error.strerror or str(error)).lower()}") from error
    return folder


@contextmanager
def progress(arguments: argparse.Namespace, settings: Settings) -> Iterator[Callable[[str], None]]:
    """Says on stderr what is done; on a terminal the present step only, with the time that it takes."""
    if arguments.quiet:
        yield lambda _: None
    elif sys.stderr.isatty() and output.use_color(settings.color, sys.stderr):
        from converter.report.terminal import present_step

        with present_step(sys.stderr) as show:
            yield show
    else:
        yield lambda text: output.say((line(f"multistage: {text}"),), settings.color)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 1 <= value <= 1_000_000:
        raise argparse.ArgumentTypeError("must be a number of seconds, 1 or more")
    return value
