"""Prints the commonest reasons for a refusal: python -m tests.corpus.reasons REPORT [COUNT].

REPORT is what `multistage batch --report` wrote. Reasons that differ only in a name, a line or a path are one.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

_NAMES = (
    (re.compile(r"'[^']*'"), "'…'"),
    (re.compile(r"(?:CMD|ENTRYPOINT) (?:line \d+|of the base image)"), "the command"),
    (re.compile(r"images of \S+"), "images of …"),
    (re.compile(r"cannot tell what \S+ does"), "cannot tell what … does"),
    (re.compile(r"cannot read the script \S+"), "cannot read the script …"),
    (re.compile(r"^\S+ runs ONBUILD"), "… runs ONBUILD"),
    (re.compile(r"(starts|runs|reads|into) [^\s,'…]*[/.$*\[][^\s,]*"), r"\1 …"),
    (re.compile(r"starts \S+, and no step"), "starts …, and no step"),
)


def general(message: str) -> str:
    """A reason without the names of one file."""
    for pattern, text in _NAMES:
        message = pattern.sub(text, message)
    return message


def commonest(lines: Iterable[str], count: int) -> tuple[tuple[int, str, str, str, str], ...]:
    """Of a report's lines: how many files, the code, the reason, and the first such file with its own message."""
    files: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], tuple[str, str]] = {}
    for line in lines:
        record = json.loads(line)
        if record["outcome"] == "refused":
            key = (record["code"], general(record["message"]))
            files[key] += 1
            examples.setdefault(key, (record["file"], record["message"]))
    return tuple((number, *key, *examples[key]) for key, number in files.most_common(count))


def main(arguments: list[str]) -> None:
    """Print a table, the commonest first."""
    count = int(arguments[1]) if len(arguments) > 1 else 20
    with Path(arguments[0]).open(encoding="utf-8") as report:
        for number, code, reason, file, message in commonest(report, count):
            print(f"{number:6} {code} {reason}\n       {Path(file).name}: {message}")


if __name__ == "__main__":
    main(sys.argv[1:])
