"""`python -m benchmarks`: the figures of README.md, measured here."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks import conversion, corpus, startup


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="How fast the converter is.")
    parser.add_argument(
        "--sample",
        type=int,
        default=1000,
        metavar="N",
        help="about N files, 0 for all (default: %(default)s)",
    )
    parser.add_argument(
        "--corpus",
        type=Path,
        default=corpus.default_folder(),
        metavar="DIR",
        help="Dockerfiles to measure with",
    )
    parser.add_argument(
        "--rounds", type=int, default=10, metavar="N", help="starts of each command (default: %(default)s)"
    )
    parser.add_argument("--only", choices=["conversion", "startup"], help="one of the two parts")
    arguments = parser.parse_args()
    if arguments.only != "startup":
        files = corpus.texts(arguments.corpus, arguments.sample)
        if not files:
            parser.error(f"no Dockerfiles in {arguments.corpus}: give --corpus DIR")
        print("\n".join(conversion.lines(conversion.measure(files))), flush=True)
    if arguments.only != "conversion":
        print("\n".join(startup.lines(startup.measure(arguments.rounds))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
