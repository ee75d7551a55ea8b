"""Milliseconds per file in one warm process, and what bashlex alone needs for the same files' RUN bodies."""

from __future__ import annotations

import gc
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import bashlex
import dockerfile

import converter

BASHLEX_GIVES_UP = (
    bashlex.errors.ParsingError,
    NotImplementedError,
    AttributeError,
    AssertionError,
    IndexError,
    KeyError,
    TypeError,
)
"""What bashlex 0.18 raises on text that it cannot read; the time until then counts."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """Times in milliseconds, one a file, in the order of the files."""

    conversion: tuple[float, ...]
    bashlex: tuple[float, ...]
    outcomes: Counter[str]

    @property
    def ratio(self) -> float:
        """Time of all conversions to time of bashlex for all files."""
        return sum(self.conversion) / sum(self.bashlex)


def measure(texts: Sequence[str]) -> Measurement:
    """Convert and parse each file once, after a first file that pays for imports."""
    bodies = [_run_bodies(text) for text in texts]
    converter.convert('FROM gcc:12\nCOPY a.c /\nRUN gcc -o /a /a.c\nCMD ["/a"]\n')
    conversion, outcomes = [], Counter[str]()
    for text in texts:
        begin = time.process_time()
        outcome = converter.convert(text)
        conversion.append(1000 * (time.process_time() - begin))
        outcomes[type(outcome).__name__.lower()] += 1
    gc.collect()
    alone = []
    for shell_texts in bodies:
        begin = time.process_time()
        for shell_text in shell_texts:
            _parse(shell_text)
        alone.append(1000 * (time.process_time() - begin))
    return Measurement(tuple(conversion), tuple(alone), outcomes)


def percentile(times: Sequence[float], share: float) -> float:
    """The time that the given share of files stays below."""
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


def lines(measurement: Measurement) -> list[str]:
    """The report."""
    rows = []
    for name, times in (("conversion", measurement.conversion), ("bashlex alone", measurement.bashlex)):
        rows.append(
            f"{name:16} {statistics.median(times):8.2f} {statistics.fmean(times):8.2f} "
            f"{percentile(times, 0.99):8.2f} {max(times):8.2f}"
        )
    found = ", ".join(f"{count} {name}" for name, count in measurement.outcomes.most_common())
    return [
        f"{len(measurement.conversion)} files: {found}",
        f"{'CPU ms per file':16} {'median':>8} {'mean':>8} {'99 %':>8} {'largest':>8}",
        *rows,
        f"conversion / bashlex alone: {measurement.ratio:.2f}",
    ]


def _run_bodies(text: str) -> tuple[str, ...]:
    """What BuildKit hands to the shell for each RUN in shell form; nothing where it rejects the file."""
    try:
        commands = dockerfile.parse_string(text)
    except dockerfile.GoParseError:
        return ()
    return tuple(
        command.value[0]
        for command in commands
        if command.cmd.lower() == "run" and not command.json and command.value
    )


def _parse(shell_text: str) -> None:
    try:
        bashlex.parse(shell_text)
    except BASHLEX_GIVES_UP:
        return
