"""Options of configure scripts, and what an install then fills."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from msgspec import Struct

from converter.knowledge.tables import table


class Filled(Struct, frozen=True):
    """What an option makes an install fill: the kind of `configure.toml`, and the path that the option gives.

    `asks` says that the script itself looks at what is there.
    """

    kind: str
    path: str
    asks: bool = False


class _Option(Struct, frozen=True):
    pattern: re.Pattern[str]
    fills: str
    unless: re.Pattern[str] | None
    needs: re.Pattern[str] | None
    asks: bool
    packages: re.Pattern[str] | None


class _Accounts(Struct, frozen=True):
    named: re.Pattern[str]
    projects: dict[str, tuple[str, ...]]


@cache
def _options() -> tuple[_Option, ...]:
    def pattern(text: str | None) -> re.Pattern[str] | None:
        return re.compile(text) if text else None

    return tuple(
        _Option(
            re.compile(raw["pattern"]),
            raw["fills"],
            pattern(raw.get("unless")),
            pattern(raw.get("needs")),
            raw.get("asks", False),
            pattern(raw.get("packages")),
        )
        for raw in table("configure.toml")["option"]
    )


def filled_by(option: str, others: Iterable[str]) -> Filled | None:
    """What an option of a configure script makes an install fill; None if nothing, or if nobody knows the option."""
    for known in _options():
        found = known.pattern.fullmatch(option)
        if found is None:
            continue
        if known.fills == "nothing":
            return None
        if known.unless is not None and any(map(known.unless.fullmatch, others)):
            return None
        if known.needs is not None and not any(map(known.needs.fullmatch, others)):
            return None
        return Filled(known.fills, next((g for g in found.groups() if g is not None), ""), known.asks)
    return None


def is_possible(option: str, packages: Iterable[str]) -> bool:
    """Whether an option that an author makes depend on what he finds may be given, with these packages installed."""
    for known in _options():
        if known.pattern.fullmatch(option):
            return known.packages is None or any(map(known.packages.fullmatch, packages))
    return True


@cache
def _accounts() -> _Accounts:
    raw = table("configure.toml")["accounts"]
    return _Accounts(
        re.compile(raw["named"]), {name: tuple(accounts) for name, accounts in raw["projects"].items()}
    )


def owning_accounts(tree: str, options: Iterable[str]) -> tuple[str, ...]:
    """The accounts to which the install of a source tree gives files: those that options name, and its own."""
    known = _accounts()
    named = [match[1] for match in map(known.named.fullmatch, options) if match is not None]
    name = tree.rpartition("/")[2].lower()
    own = next((accounts for project, accounts in known.projects.items() if name.startswith(project)), ())
    return tuple(dict.fromkeys((*named, *own)))
