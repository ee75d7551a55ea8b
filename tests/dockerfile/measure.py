"""Prints how our reading compares with BuildKit's: python -m tests.dockerfile.measure [STEP]."""

from __future__ import annotations

import sys
import time
from collections import Counter

from converter.dockerfile.reader import read
from converter.errors import InputError
from converter.span import SourceText
from tests.dockerfile import corpus
from tests.dockerfile.referee import compare


def main(arguments: list[str]) -> None:
    """Compare every STEP-th file (default 1) and print the figures."""
    step = int(arguments[0]) if arguments else 1
    counts: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    seconds: list[float] = []
    examples: list[str] = []
    for name, text in corpus.files(step):
        started = time.perf_counter()
        try:
            read(SourceText(text))
        except InputError:
            counts["rejected"] += 1
        seconds.append(time.perf_counter() - started)
        result = compare(text)
        counts["files"] += 1
        counts["instructions"] += result.instructions
        counts["agreeing"] += result.agreeing
        counts["spans"] += result.spans
        counts["verdicts"] += result.same_verdict
        for kind, line, theirs, ours in result.differences:
            kinds[kind] += 1
            examples.append(f"  {name}:{line} {kind}: {theirs!r:.150} / {ours!r:.150}")
    seconds.sort()
    total = counts["instructions"]
    by_checks = kinds.pop("rejected by us", 0)
    print(f"files                   {counts['files']}")
    print(
        f"rejected                {counts['rejected']}, {by_checks} of them by checks after BuildKit's parser"
    )
    print(f"same verdict            {(counts['verdicts'] + by_checks) / counts['files']:.3%}")
    print(f"instructions            {total}")
    print(f"instructions that agree {counts['agreeing'] / total:.4%}")
    print(f"line spans that agree   {counts['spans'] / total:.4%}")
    middle, late = seconds[len(seconds) // 2], seconds[len(seconds) * 99 // 100]
    print(f"milliseconds a file     median {middle * 1e3:.3f}, 99th percentile {late * 1e3:.3f}")
    for kind, count in sorted(kinds.items()):
        print(f"difference {kind}: {count}")
    print("\n".join(examples[:60]))


if __name__ == "__main__":
    main(sys.argv[1:])
