"""Prints how much real shell text is read and how the readers agree: python -m tests.shell.measure [STEP]."""

from __future__ import annotations

import sys
import time
from collections import Counter

from converter.dockerfile.model import ShellText
from converter.shell import bashlex_reader, syntax_tree
from converter.shell import reader as door
from converter.shell.heredocs import mask
from converter.shell.skeleton import skeleton
from tests.shell.agreement import EXPLAINED, bodies, compare


def main(arguments: list[str]) -> None:
    """Compare the RUNs of every STEP-th file (default 1) and print the figures."""
    step = int(arguments[0]) if arguments else 1
    texts = list(bodies(step))
    results = [compare(name, text) for name, text in texts]
    both = [result for result in results if result.first and result.second]
    same = [result for result in both if not result.difference]
    read = sum(result.read for result in results)
    print(f"shell RUNs              {len(results)}")
    print(f"read by the door        {read} ({read / len(results):.3%})")
    print(f"read by bashlex         {sum(result.first for result in results) / len(results):.3%}")
    print(f"read by tree-sitter     {sum(result.second for result in results) / len(results):.3%}")
    print(f"read by both            {len(both)}")
    print(f"agree where both read   {len(same)} ({len(same) / len(both):.3%})")
    for kind, count in sorted(Counter(result.difference for result in both if result.difference).items()):
        print(f"  {kind}: {count}: {EXPLAINED.get(kind, 'NOT EXPLAINED')}")
    for result in results:
        if not result.read:
            print(f"  not read: {result.name}: {result.text.text[:100]!r}")
    _times([text for _, text in texts])


def _times(texts: list[ShellText]) -> None:
    sample = texts[:: max(1, len(texts) // 4000)]
    bashlex_reader._trees.cache_clear()
    started = time.process_time()
    for text in sample:
        structure = skeleton(mask(text.text).ascii)
        if structure is not None:
            bashlex_reader._trees(structure.text)
    parsing = time.process_time() - started
    bashlex_reader._trees.cache_clear()
    syntax_tree.parse.cache_clear()
    door._remembered.cache_clear()
    started = time.process_time()
    for text in sample:
        door.read(text)
    reading = time.process_time() - started
    print(f"skeletons and bashlex   {parsing / len(sample) * 1e3:.3f} ms a text")
    print(f"reading                 {reading / len(sample) * 1e3:.3f} ms a text")


if __name__ == "__main__":
    main(sys.argv[1:])
