"""`multistage codes`: the catalogue of diagnostics, as a list, one entry, or all pages for the docs."""

from __future__ import annotations

import argparse
import os
import sys
from difflib import get_close_matches

from converter.catalogue import catalogue, entry
from converter.cli import arguments as shared
from converter.cli import output
from converter.errors import UsageError
from converter.files.writing import replace
from converter.report import pages


def add(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument(
        "code", metavar="CODE", nargs="?", help="a code such as MS301; without it, all are listed"
    )
    parser.add_argument("--pages", metavar="DIR", help="write a Markdown page for each code into a folder")
    shared.add_common(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print or write what was asked for; returns the exit code."""
    if arguments.pages is not None:
        _make_folder(arguments.pages)
        for name, text in pages.all_pages().items():
            replace(os.path.join(arguments.pages, name), text.encode())
    elif arguments.code is None:
        output.say(pages.index_lines(), arguments.color, sys.stdout)
    else:
        found = entry(arguments.code)
        if found is None:
            near = get_close_matches(arguments.code.upper(), [item.code for item in catalogue()], 1)
            raise UsageError(f"there is no code {arguments.code}", f"did you mean {near[0]}?" if near else "")
        output.say(pages.entry_lines(found), arguments.color, sys.stdout)
    return 0


def _make_folder(path: str) -> None:
    try:
        os.makedirs(path, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{path}: {(error.strerror or str(error)).lower()}") from error
