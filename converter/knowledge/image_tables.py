"""Opens the tables of base images in `data/base_images/`: only the part that one look-up needs is parsed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from converter.knowledge.tables import exists, table, text

_UPDATE = re.compile(r"(?P<start>(?:openjdk-)?(?P<series>\d))u(?P<number>\d+)(?:-b\d+)?")


def distributions() -> Mapping[str, Any]:
    """The table of distributions: releases, words, accounts, commands, packages that bring commands."""
    return table("base_images/distributions.toml")


def repository_row(name: str) -> Mapping[str, Any] | None:
    """The table `[NAME]` of the repositories, or None."""
    return table("base_images/repositories.toml").get(name)


@cache
def contents() -> Mapping[str, Mapping[str, Any]]:
    """What images hold, by the names that rows of repositories use."""
    rows: Mapping[str, Mapping[str, Any]] = json.loads(text("base_images/contents.json"))
    return rows


@cache
def tags(repository: str) -> Mapping[str, str]:
    """Known tags of an official image with their suites ('' where none is known); empty for others."""
    name = f"base_images/tags/{repository}.txt"
    if not re.fullmatch(r"[\w-]+", repository) or not exists(name):
        return {}
    found: dict[str, str] = {}
    for line in text(name).splitlines():
        suite, _, names = line.partition("\t")
        found.update(dict.fromkeys(names.split(), "" if suite == "-" else suite))
    return found


def listed(repository: str, tag: str) -> bool:
    """Whether a tag is known; X.Y.Z has the variants of X.Y, and an update of Java (8u181) those of its series."""
    known = tags(repository)
    return tag in known or shortened(tag) in known or _series_of_update(repository, tag) in known


def _series_of_update(repository: str, tag: str) -> str:
    """The tag of the series for one of an update; '' where there is none, or slim variants came later."""
    update = _UPDATE.match(tag)
    if update is None:
        return ""
    since = (repository_row(repository) or {}).get("slim_since", {}).get(update["series"])
    if "slim" in tag and (since is None or int(update["number"]) < since):
        return ""
    return update["start"] + tag[update.end() :]


def shortened(tag: str) -> str:
    """The tag with its version cut to X.Y."""
    return re.sub(r"^(\d+\.\d+)(?:\.\d+)+", r"\1", tag)
