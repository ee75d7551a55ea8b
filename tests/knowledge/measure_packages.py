"""Prints how many package operands of real Dockerfiles the tables know, by family of managers.

Run by hand: `python tests/knowledge/measure_packages.py [EVERY]` takes each EVERY-th file (20 if not given).
The files are found in `$MULTISTAGE_SHARED/data/corpus/files`, or where `$MULTISTAGE_CORPUS` says.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from converter.dockerfile.pragmas import pragmas
from converter.dockerfile.reader import read
from converter.effects.model import PackageAction
from converter.effects.package_names import is_file
from converter.errors import InputError
from converter.graph.analysis import analyse
from converter.knowledge.package_kinds import FAMILIES
from converter.knowledge.packages import PackageKind, kind, runtime_part
from converter.span import SourceText

Operands = Counter[tuple[str, str]]


def operands(text: str) -> Iterator[tuple[str, str]]:
    """The family and name of each package that a Dockerfile installs; package files and addresses don't count."""
    document = read(SourceText(text, "Dockerfile"))
    analysis = analyse(document, pragmas(document), None, {})
    for step in analysis.steps:
        for change in step.effects.packages:
            if change.action is PackageAction.INSTALL and change.manager in FAMILIES:
                for package in change.names:
                    if not is_file(package.name):
                        yield FAMILIES[change.manager], package.name


def measured(files: list[Path]) -> Operands:
    """All operands of the files that can be read."""
    found: Operands = Counter()
    for file in files:
        try:
            found.update(operands(file.read_text(encoding="utf-8", errors="replace")))
        except InputError:
            continue
    return found


def report(found: Operands) -> Iterator[str]:
    """A line for each family: operands, how many of them are known, and the commonest that are not."""
    for family in sorted(set(FAMILIES.values())):
        names = Counter({name: count for (of, name), count in found.items() if of == family})
        unknown = Counter({n: c for n, c in names.items() if kind(family, n) is PackageKind.UNKNOWN})
        headers = Counter({n: c for n, c in names.items() if kind(family, n) is PackageKind.DEVELOPMENT})
        untold = sum(c for n, c in headers.items() if runtime_part(family, n, "bookworm") is None)
        known = 1 - unknown.total() / names.total() if names else 1.0
        commonest = " ".join(f"{name}:{count}" for name, count in unknown.most_common(12))
        yield (
            f"{family}: {names.total()} operands, {known:.1%} known, {headers.total()} with headers "
            f"({untold} without a listed run-time part); unknown: {commonest}"
        )


def main() -> None:
    every = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    shared = os.environ.get("MULTISTAGE_SHARED", "../shared")
    folder = Path(os.environ.get("MULTISTAGE_CORPUS", f"{shared}/data/corpus/files"))
    files = sorted(folder.glob("*.Dockerfile"))[::every]
    if not files:
        sys.exit(f"no Dockerfiles in {folder}")
    print("\n".join(report(measured(files))))


if __name__ == "__main__":
    main()
