"""What the package tables promise about themselves: sections, names and parts that other code can rely on."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from importlib.resources import files
from typing import Any

import pytest

from converter.knowledge.package_kinds import FAMILIES, PackageKind, package_table
from converter.knowledge.packages import openmp_library, tool_class
from converter.knowledge.suites import distribution_of, suite_of
from converter.knowledge.tables import generic

FOLDER = files("converter.knowledge").joinpath("data/packages")
TABLES = ("apk", "apt", "common", "pacman", "rpm", "zypper")
KINDS = {kind.value for kind in PackageKind if kind is not PackageKind.UNKNOWN} | {"upstream"}
SECTIONS = {
    "kinds",
    "patterns",
    "programs",
    "files",
    "served",
    "work",
    "runtime",
    "libraries",
    "features",
    "quirks",
    "renamed",
    "runtime_in",
    "dlopened",
    "links",
    "transitional",
    "recommended",
}
WORK = {
    "compile debug doc erlang fetch go haskell java lua mono node ocaml packaging perl php python r",
    "repository ruby rust sign test unpack vcs",
}
NAME = re.compile(r"[A-Za-z0-9@][A-Za-z0-9.+_:@#-]*")
PATTERN = re.compile(r"[A-Za-z0-9.+_:@#*(-]+")


def raw(name: str) -> dict[str, Any]:
    return tomllib.loads(FOLDER.joinpath(f"{name}.toml").read_text("utf-8"))


@pytest.mark.parametrize("name", TABLES)
def test_sections_are_known(name: str) -> None:
    content = raw(name)
    assert set(content) <= SECTIONS
    assert set(content["kinds"]) <= KINDS
    assert set(content.get("patterns", {})) <= KINDS
    assert set(content.get("work", {})) <= set(" ".join(WORK).split())
    assert set(content.get("libraries", {})) <= {"suffix", "same", "libs"}
    assert set(content.get("features", {})) <= {
        "openmp",
        "embedding",
        "recommends_compiler",
        "certificates",
        "tls",
        "only_older",
        "unknown_release",
    }


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("section", ["kinds", "patterns"])
def test_a_name_has_one_kind(name: str, section: str) -> None:
    seen = Counter(word for words in raw(name).get(section, {}).values() for word in words.split())
    assert [word for word, count in seen.items() if count > 1] == []


@pytest.mark.parametrize("name", TABLES)
def test_a_name_is_a_name(name: str) -> None:
    content = raw(name)
    names = [word for words in content["kinds"].values() for word in words.split()]
    assert [word for word in names if not NAME.fullmatch(word)] == []
    patterns = [word for words in content.get("patterns", {}).values() for word in words.split()]
    assert [word for word in patterns if not PATTERN.fullmatch(word)] == []
    assert [word for word in patterns if word.count("*") > 2] == []


@pytest.mark.parametrize("name", TABLES)
def test_patterns_can_match(name: str) -> None:
    """Names come to them with `#` for numbers, so that a pattern with a digit never fits."""
    patterns = [word for words in raw(name).get("patterns", {}).values() for word in words.split()]
    assert [word for word in patterns if generic(word)[0] != word] == []


@pytest.mark.parametrize("name", TABLES)
def test_parts_are_names_or_unknown(name: str) -> None:
    for package, words in raw(name).get("runtime", {}).items():
        for part in words.split():
            assert part == "?" or NAME.fullmatch(part), package
        assert words == "?" or "?" not in words, package
        assert "#" not in words or "#" in package, package


@pytest.mark.parametrize("name", TABLES)
def test_libraries_are_listed_once(name: str) -> None:
    content = raw(name)
    libraries = content.get("libraries", {})
    names = libraries.get("same", "").split() + libraries.get("libs", "").split()
    assert [word for word, count in Counter(names).items() if count > 1] == []
    assert [word for word in names if word + libraries["suffix"] in content["runtime"]] == []


@pytest.mark.parametrize("family", sorted(set(FAMILIES.values())))
def test_what_stays_does_not_leave(family: str) -> None:
    """No listed run-time part is headers, a compiler or a tool for builds."""
    known = package_table(family)
    assert known is not None
    leaving = (
        PackageKind.BUILD,
        PackageKind.DEVELOPMENT,
        PackageKind.VCS,
        PackageKind.DOC,
        PackageKind.DEBUG,
    )
    parts = {part for listed in known.runtime.values() for part in listed or () if "setuptools" not in part}
    assert sorted(part for part in parts if known.kind(part) in leaving) == []


@pytest.mark.parametrize("family", sorted(set(FAMILIES.values())))
def test_each_family_names_the_openmp_library(family: str) -> None:
    assert openmp_library(family)


@pytest.mark.parametrize("manager", sorted(FAMILIES))
def test_managers_of_a_family_agree(manager: str) -> None:
    assert package_table(manager) is package_table(FAMILIES[manager])


def test_an_unknown_manager_has_no_table() -> None:
    assert package_table("nix") is None
    assert openmp_library("nix") is None
    assert tool_class("nix", "gcc") == frozenset()


def test_lines_of_debian_libraries() -> None:
    lines = [
        line
        for line in FOLDER.joinpath("debian_libraries.txt").read_text("utf-8").splitlines()
        if not line.startswith("#")
    ]
    names = [line.partition("\t")[0] for line in lines]
    assert names == sorted(names)
    assert len(set(names)) == len(names)
    for line in lines:
        libraries = line.partition("\t")[2]
        codes = [c for p in libraries.split(";") if "=" in p for c in p.partition("=")[0].split(",")]
        assert set(codes) <= {"bu", "bo", "tr", "si"}, line
        assert len(codes) == len(set(codes)), line


def test_suites_of_the_tables_are_suites() -> None:
    content = raw("suites")
    suites = set(content["names"].values())
    known = {suite for words in content["distributions"].values() for suite in words.split()}
    assert suites == known
    assert set(content["between"]) <= set(content["distributions"]["ubuntu"].split())
    older = raw("older_libraries")
    assert set(older) - {"unchanged"} <= known


@pytest.mark.parametrize(
    ("word", "suite", "distribution"),
    [
        ("bookworm", "bookworm", "debian"),
        ("12", "bookworm", "debian"),
        ("12.4", "bookworm", "debian"),
        ("bookworm-slim", "bookworm", "debian"),
        ("noble-20240801", "noble", "ubuntu"),
        ("22.04", "jammy", "ubuntu"),
        ("unstable", "sid", "debian"),
        ("latest", None, None),
    ],
)
def test_suite_of_a_word(word: str, suite: str | None, distribution: str | None) -> None:
    assert suite_of(word) == suite
    assert (distribution_of(suite) if suite else None) == distribution
