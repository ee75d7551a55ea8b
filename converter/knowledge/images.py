"""Base images: what they are, set, hold and start. The one door to the modules `image_*`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from converter.dockerfile.model import HOLE, State
from converter.knowledge.image_choices import slim_sibling, without_toolchain
from converter.knowledge.image_contents import (
    has_command,
    has_shell,
    has_user,
    install_for,
    loses,
    same_libc,
    system_homes,
)
from converter.knowledge.image_model import BaseChoice, BaseImage, Kind
from converter.knowledge.image_names import (
    family_of,
    oldest_suite,
    split_reference,
    suite_of,
    table_key,
    variant_of,
    version_of,
)
from converter.knowledge.image_runtimes import runtime_sibling
from converter.knowledge.image_tables import contents, distributions, repository_row
from converter.knowledge.search_path import DEFAULT_PATH

__all__ = [
    "BaseChoice",
    "BaseImage",
    "Kind",
    "base_image",
    "has_command",
    "has_shell",
    "has_user",
    "install_for",
    "loses",
    "runtime_sibling",
    "same_libc",
    "slim_sibling",
    "state_of",
    "without_toolchain",
]

_UNKNOWN = "?"
_MAJOR = "{major}"


@lru_cache(maxsize=1024)
def base_image(reference: str) -> BaseImage:
    """What is known of an image; never raises, whatever the text."""
    repository, tag, digest = split_reference(reference)
    found = repository_row(table_key(repository))
    row = _with_variants(found, tag) if found is not None else None
    family = family_of(repository, tag, row)
    if row is not None:
        row = _with_variants(row, f"family={family}")
    facts: Mapping[str, Any] = row or {}
    held = _held(facts, tag, family)
    kind = Kind(facts.get("kind", "unknown")) if family != "windows" else Kind.UNKNOWN
    suite = suite_of(repository, tag, family, row)
    has, lacks = _commands(facts, held, family, suite)
    return BaseImage(
        reference=reference,
        repository=repository,
        tag=tag,
        digest=digest,
        family=family,
        suite=suite,
        oldest_suite=suite or oldest_suite(repository, tag, row),
        kind=kind,
        slim=variant_of(tag) == "slim" or "-slim" in tag or bool(facts.get("slim")),
        languages=tuple(facts.get("languages", ())),
        version=version_of(tag, row),
        env=_env(facts, tag) if facts else {},
        entrypoint=tuple(facts.get("entrypoint", ())),
        cmd=_cmd(facts, family),
        user=facts.get("user", ""),
        workdir=facts.get("workdir", "/"),
        stopsignal=facts.get("stopsignal", ""),
        volumes=tuple(facts.get("volumes", ())),
        expose=tuple(facts.get("expose", ())),
        users=tuple(facts.get("users", ())),
        homes={**system_homes(family), **facts.get("homes", {})},
        usr_local_empty=_usr_local_empty(facts, held, family),
        certificates=bool(facts.get("certificates", held.get("certificates", False))),
        tzdata=bool(facts.get("tzdata", held.get("tzdata", False))),
        netbase=bool(held.get("netbase", False)),
        mime_types=bool(held.get("mime_types", False)),
        onbuild=tag == "onbuild" or tag.endswith("-onbuild"),
        build_libraries=bool(facts.get("build_libraries")) and family in ("debian", "ubuntu"),
        own_libraries=tuple(facts.get("own_libraries", ())),
        pass_through_entrypoint=bool(facts.get("pass_through", False)),
        reads=tuple(facts.get("reads", ())),
        has=has,
        lacks=lacks,
        is_known=row is not None,
    )


def state_of(image: BaseImage) -> State:
    """The state that a stage of this image starts with."""
    workdir = None if HOLE in image.workdir else image.workdir or "/"
    return State(env=dict(image.env), workdir=workdir, user=image.user)


def _with_variants(row: Mapping[str, Any], text: str) -> Mapping[str, Any]:
    """The row with what its variants say, where they match `text` (a tag, or `family=NAME`)."""
    merged = dict(row)
    for variant in row.get("variants", ()):
        if re.search(variant["when"], text):
            for key, value in variant.items():
                merged[key] = {**merged.get(key, {}), **value} if key == "env" else value
    return merged


def _held(row: Mapping[str, Any], tag: str, family: str) -> Mapping[str, Any]:
    """The row of contents of this variant."""
    names: Mapping[str, str] = row.get("contents", {})
    variant = variant_of(tag)
    if family == "alpine":
        name = names.get("alpine", "alpine")
    elif family in ("rpm", "arch") and row:
        name = names.get(family, family)
    else:
        name = names.get(variant) or names.get("plain") or ""
    empty: Mapping[str, Any] = {}
    return contents().get(name, empty) if row else empty


def _commands(
    row: Mapping[str, Any], held: Mapping[str, Any], family: str, suite: str | None
) -> tuple[frozenset[str], frozenset[str]]:
    if family == "scratch" or not (row or held):
        return frozenset(), frozenset()
    has = {*held.get("has", ())} - {*row.get("lacks", ())} | {*row.get("programs", ())}
    has |= {*row.get("more_programs", ())}
    commands: Mapping[str, list[str]] = distributions()["commands"]
    if family in commands:
        has |= {*commands["everywhere"], *commands[family]}
    older: Mapping[str, str] = distributions()["commands_of_release"]
    has |= {name for name, suites in older.items() if suite in suites.split()}
    return frozenset(has), frozenset({*held.get("lacks", ()), *row.get("lacks", ())} - has)


def _env(row: Mapping[str, Any], tag: str) -> Mapping[str, str]:
    number = re.search(r"\d+", tag)
    major = number[0] if number else HOLE
    env = {"PATH": DEFAULT_PATH}
    for name, value in row.get("env", {}).items():
        env[name] = value.replace(_UNKNOWN, HOLE).replace(_MAJOR, major)
    return env


def _cmd(row: Mapping[str, Any], family: str) -> tuple[str, ...]:
    cmd = tuple(row.get("cmd", ()))
    return ("/bin/sh",) if family == "alpine" and cmd in (("bash",), ("/bin/bash",)) else cmd


def _usr_local_empty(row: Mapping[str, Any], held: Mapping[str, Any], family: str) -> bool:
    if not row or family in ("unknown", "windows") or "usr_local" in row:
        return False
    return bool(held.get("usr_local_empty", row["kind"] == "os"))
