"""The command line's outer shell: picks the verb, and turns every error into one line and an exit code."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from importlib import import_module

from converter import __version__
from converter.cli.exit_codes import ExitCode
from converter.errors import UsageError

VERBS = {
    "convert": "convert one Dockerfile: the new one on stdout, the summary on stderr",
    "explain": "why each step is build time or run time, what is copied and for whom",
    "batch": "convert many files, folders and repositories into a report",
    "verify": "build the original and the conversion, and compare what both images promise",
    "codes": "the catalogue of diagnostics",
}


def run(argv: list[str]) -> int:
    """Run the command with arguments and return its exit code; only Ctrl-C leaves as an exception."""
    arguments = None
    gc.set_threshold(100_000)  # trees and plans hold no cycles: looking for some is a seventh of the time
    try:
        arguments = _parser(argv).parse_args(argv)
        if arguments.debug:
            _show_tracebacks()
        code: int = import_module(f"converter.cli.{arguments.verb}").run(arguments)
        sys.stdout.flush()
        return code
    except UsageError as error:
        return _usage(error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the flush at exit finds an open end
        return ExitCode.BROKEN_PIPE
    except Exception as error:  # noqa: BLE001  the outermost door: a bug is reported, not shown as a traceback
        return _bug(error, arguments is not None and arguments.debug)


def _parser(argv: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="multistage", allow_abbrev=False,
        description="Turns a single-stage Dockerfile into a builder stage and a minimal final stage.",
    )  # fmt: skip
    parser.add_argument("--version", "-V", action="version", version=f"multistage {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for name, purpose in VERBS.items():
        verb = verbs.add_parser(
            name, help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}.", allow_abbrev=False
        )
        if name in argv:  # no other can be chosen, and each module costs start-up time
            import_module(f"converter.cli.{name}").add(verb)
    return parser


def _show_tracebacks() -> None:
    """Print what the library logs when it meets a bug of its own."""
    import logging

    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr, format="%(name)s: %(message)s")


def _usage(error: UsageError) -> int:
    from converter.cli.output import say
    from converter.report.lines import Line, line

    lines: tuple[Line, ...] = (line(("multistage: ", "place"), ("error", "error"), f": {error.message}"),)
    if error.help:
        lines += (line("  ", ("help: ", "help"), error.help),)
    say(lines, None)
    return ExitCode.USAGE


def _bug(error: Exception, debug: bool) -> int:
    if debug:
        import traceback

        traceback.print_exception(error)
    print(
        f"multistage: internal error: {type(error).__name__}: {str(error)!r}\n"
        "This is a bug in multistage. Please report it, with the Dockerfile if you can"
        + ("." if debug else "; --debug shows where it happened."),
        file=sys.stderr,
    )
    return ExitCode.BUG
