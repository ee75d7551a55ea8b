"""Releases of Debian and Ubuntu: their names, and the run-time libraries of -dev packages in each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from converter.knowledge.tables import line_of, table

_CODES: Mapping[str, str] = {"bullseye": "bu", "bookworm": "bo", "trixie": "tr", "sid": "si"}


@cache
def suite_of(word: str) -> str | None:
    """The suite that a word of an image tag names: `bookworm`, `12`, `12.4`, `22.04`, `noble-20240801`; else None."""
    names: Mapping[str, str] = table("packages/suites.toml")["names"]
    return (
        names.get(word)
        or names.get(word.split("-", maxsplit=1)[0])
        or names.get(word.split(".", maxsplit=1)[0])
    )


def distribution_of(suite: str) -> str | None:
    """`debian` or `ubuntu`, or None for a suite of neither."""
    distributions: Mapping[str, str] = table("packages/suites.toml")["distributions"]
    for distribution, suites in distributions.items():
        if suite in suites.split():
            return distribution
    return None


def debian_libraries(name: str, suite: str | None) -> tuple[str, ...] | None:
    """The libraries that stay of a -dev package in a suite, without those every image has; None if not known."""
    if suite is None:
        return None
    found = _hand_made(name, suite)
    if found is None and suite in _CODES:
        found = _debian(name, _CODES[suite])
    if found is None:
        found = _ubuntu(name, suite)
    if found is None:
        return None
    basic = _basic()
    return tuple(library for library in found.split() if library not in basic)


@cache
def _basic() -> frozenset[str]:
    return frozenset(table("packages/suites.toml")["basic"].split())


def _hand_made(name: str, suite: str) -> str | None:
    """What the table of older releases says; some names are as in bullseye in all of them."""
    by_suite: Mapping[str, Mapping[str, str]] = table("packages/older_libraries.toml")
    found = by_suite.get(suite, {}).get(name)
    unchanged = by_suite["unchanged"]
    if found is None and suite in unchanged["suites"].split() and name in unchanged["names"].split():
        return _debian(name, _CODES["bullseye"])
    return found


def _debian(name: str, code: str) -> str | None:
    line = line_of("packages/debian_libraries.txt", name)
    if line is None:
        return None
    for part in line.split(";"):
        codes, equals, libraries = part.partition("=")
        if not equals:
            return line
        if code in codes.split(","):
            return libraries
    return None


def _ubuntu(name: str, suite: str) -> str | None:
    """Ubuntu takes its packages from Debian: what is equal before and after its release is so in it too."""
    between: Mapping[str, str] = table("packages/suites.toml")["between"]
    if suite not in between or name in table("packages/suites.toml")["differs"].split():
        return None
    before, after = (_debian(name, code) for code in between[suite].split())
    if before is None or after is None:
        return None
    if before == after:
        return before
    if suite == "noble" and [word.removesuffix("t64") for word in after.split()] == before.split():
        return after
    return None
