"""Prints what steps of converted files miss in their stage: python -m tests.corpus.replay [STEP]."""

from __future__ import annotations

import sys
from collections import Counter

from converter.convert import convert
from converter.outcome import Converted
from tests.corpus.replaying import replay
from tests.dockerfile import corpus


def main(arguments: list[str]) -> None:
    """Convert every STEP-th file (default 1), replay the conversions and print the hits."""
    step = int(arguments[0]) if arguments else 1
    converted = 0
    kinds: Counter[str] = Counter()
    lines: list[str] = []
    for name, text in corpus.files(step):
        outcome = convert(text, name=name)
        if not isinstance(outcome, Converted):
            continue
        converted += 1
        for hit in replay(text, outcome.dockerfile):
            kinds[f"{hit.stage} {hit.kind}"] += 1
            lines.append(f"  {name}: {hit.stage} {hit.kind} {hit.missing}: {hit.step}")
    print(f"converted               {converted}")
    for kind, count in sorted(kinds.items()):
        print(f"{kind:23} {count}")
    print("\n".join(lines))


if __name__ == "__main__":
    main(sys.argv[1:])
