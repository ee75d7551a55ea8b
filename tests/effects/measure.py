"""Prints the measures of the effects: `python -m tests.effects.measure [--step N]`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from tests.dockerfile.corpus import files
from tests.effects.measuring import measure_corpus
from tests.effects.observed import EXPLAINED, evaluated, load, uncovered, unread


def main() -> None:
    """Corpus figures, then those of the observed cases."""
    parser = argparse.ArgumentParser(description="known effects, and what observed cases show")
    parser.add_argument("--step", type=int, default=1, help="take every N-th file of the corpus")
    parser.add_argument("--reasons", type=int, default=15, help="how many reasons of unknown effects to list")
    chosen = parser.parse_args()
    tally = measure_corpus(files(chosen.step))
    print(f"single-stage files            {tally.files}")
    print(f"  every command known         {tally.known_files / tally.files:.2%}   (aim: at least 80 %)")
    print(f"simple commands               {tally.commands}")
    print(f"  with known effects          {1 - tally.opaque / tally.commands:.2%}   (aim: at least 97 %)")
    print(f"  time for each               {1000 * tally.seconds / tally.commands:.3f} ms   (aim: below 0.1)")
    for reason, count in tally.reasons.most_common(chosen.reasons):
        print(f"    {count:6} {reason}   e.g. {tally.examples[reason][:100]}")
    beside = Path(__file__).resolve().parents[2].parent / "shared"
    covered = traced = told = total = 0
    for case in load(Path(os.environ.get("MULTISTAGE_SHARED", beside))):
        if case.exit != 0:
            continue
        effects = evaluated(case)
        missing = uncovered(case, effects)
        total += 1
        covered += not missing
        if case.read is not None:
            traced += 1
            told += not unread(case, effects)
        if missing:
            print(f"  not covered: {case.name}: {', '.join(missing[:3])}: {EXPLAINED.get(case.name, '?')}")
    print(f"observed cases with exit 0    {total}")
    print(f"  changes covered             {covered / total:.2%}   (aim: at least 97 %)")
    print(f"  reads told (of {traced} traced)  {told / traced:.2%}   (aim: at least 90 %)")


if __name__ == "__main__":
    main()
