"""/etc/nsswitch.conf of two images, by the services that each database asks (nsswitch.conf(5)).

Packages that only recommendations brought add services of systemd and Avahi; without the package, its word is gone.
"""

from __future__ import annotations

import re

from converter.knowledge.name_services import optional_services

NAME_SERVICES = "/etc/nsswitch.conf"
_WORD = re.compile(r"\[[^\]]*\]|[^\s\[]+")

_Services = dict[str, tuple[str, ...]]


def same_services(before: str, after: str) -> bool:
    """Whether two texts ask the same, apart from services that nothing in a container depends on."""
    return _needed(before) == _needed(after)


def _needed(text: str) -> _Services:
    """The services of each database with their actions; a database without any is left out."""
    found: _Services = {}
    for line in text.splitlines():
        database, colon, words = line.partition("#")[0].partition(":")
        services = _without_optional(_WORD.findall(words))
        if colon and services:
            found[database.strip()] = services
    return found


def _without_optional(words: list[str]) -> tuple[str, ...]:
    """Without optional services and the actions behind them, and without actions behind which nothing is asked."""
    kept: list[str] = []
    leaves = False
    for word in words:
        if not word.startswith("["):
            leaves = word in optional_services()
        if not leaves:
            kept.append(word)
    while kept and kept[-1].startswith("["):
        kept.pop()
    return tuple(kept)
