"""The comparison of two images: which levels there are and in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from converter.diagnostics import Severity
from converter.verify.compare.configuration import compare_configuration
from converter.verify.compare.directories import compare_directories
from converter.verify.compare.elf import compare_elf
from converter.verify.compare.identities import compare_identities
from converter.verify.compare.languages import compare_languages
from converter.verify.compare.links import compare_links
from converter.verify.compare.lost import compare_lost
from converter.verify.compare.pair import Intended, Pair
from converter.verify.compare.paths import compare_paths
from converter.verify.compare.scripts import compare_scripts
from converter.verify.compare.shared import compare_shared
from converter.verify.differences import Difference, Level
from converter.verify.images.model import Image

__all__ = ["LEVELS", "Intended", "compare"]

LEVELS: tuple[Callable[[Pair], Iterator[Difference]], ...] = (
    compare_configuration,
    compare_identities,
    compare_paths,
    compare_lost,
    compare_links,
    compare_elf,
    compare_scripts,
    compare_languages,
    compare_directories,
    compare_shared,
)

_NOTHING = Intended()
_SEVERITIES = tuple(Severity)
_ORDER = tuple(Level)


def compare(original: Image, converted: Image, intended: Intended = _NOTHING) -> tuple[Difference, ...]:
    """All differences that matter, errors first, then by level, subject and message.

    Nothing is run. What only the builder needs may be missing; it is no difference.
    """
    pair = Pair(original, converted, intended)
    found = {difference for level in LEVELS for difference in level(pair)}
    return tuple(sorted(found, key=_rank))


def _rank(difference: Difference) -> tuple[int, int, str, str]:
    return (
        _SEVERITIES.index(difference.severity),
        _ORDER.index(difference.level),
        difference.subject,
        difference.message,
    )
