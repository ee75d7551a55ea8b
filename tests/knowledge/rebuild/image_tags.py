"""stub"""
from collections.abc import Iterator, Sequence
def lines(library: str, older: Sequence[str]) -> Iterator[str]:
    yield from older
