"""Installed sizes of packages and base images, and what their tables promise."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

import pytest

from converter.knowledge.images import base_image
from converter.knowledge.installed_sizes import distribution, holding, installed, is_sized, libraries
from converter.knowledge.tables import text

PACKAGES = "packages/debian_sizes.txt"
IMAGES = "base_images/sizes.txt"
NOTHING: frozenset[str] = frozenset()


def rows(table: str) -> dict[str, tuple[int, list[str]]]:
    """The table by name, read without what the converter reads it with."""
    found = {}
    for line in text(table).splitlines():
        if not line.startswith("#"):
            name, kilobytes, words = line.split("\t")
            found[name] = (int(kilobytes), words.split())
    return found


@pytest.mark.parametrize("table", [PACKAGES, IMAGES])
def test_tables_are_sorted(table: str) -> None:
    names = [line.split("\t")[0] for line in text(table).splitlines() if not line.startswith("#")]
    assert names == sorted(set(names))
    assert [line for line in text(table).splitlines()[:5] if line.startswith("#")], (
        "its head names the source"
    )


def test_packages() -> None:
    known = rows(PACKAGES)
    assert len(text(PACKAGES)) < 700_000
    for name, (kilobytes, depends) in known.items():
        assert depends == sorted(set(depends)), name
        assert name not in depends
        assert known.keys() >= set(depends), name
        assert kilobytes > 0 or len(depends) == 1, f"{name} stands for one other package"


def test_images_are_packed_from_their_table() -> None:
    table: Mapping[str, Mapping[str, Any]] = tomllib.loads(text("base_images/sizes.toml"))
    packed, packages = rows(IMAGES), rows(PACKAGES)
    assert packed.keys() == table.keys()
    held: dict[str, set[str]] = {}
    own: dict[str, int] = {}
    for name, row in table.items():
        parent = row.get("base", "")
        assert not parent or parent in held, f"{name} stands behind what it is built on"
        words = set(packed[name][1])
        assert {word for word in words if word.startswith("=")} == ({f"={parent}"} if parent else set())
        held[name] = words - {f"={parent}"} | held.get(parent, set())
        own[name] = row.get("megabytes", 0) + own.get(parent, 0)
        assert set(row.get("packages", "").split()) <= held[name]
        assert packed[name][0] == 1000 * own[name] + sum(packages[p][0] for p in held[name])
        assert set(row) <= {"base", "packages", "megabytes", "required"}


@pytest.mark.parametrize(
    ("reference", "megabytes"),
    [
        ("scratch", (0, 0)),
        ("debian:bookworm", (100, 130)),
        ("debian:bookworm-slim", (65, 85)),
        ("ubuntu:22.04", (65, 85)),
        ("python:3.11", (900, 1050)),
        ("python:3.11-slim", (110, 160)),
        ("docker.io/library/golang:1.22", (700, 900)),
        ("golang:1.22-alpine", (200, 300)),
        ("eclipse-temurin:17-jre", (220, 320)),
        ("maven:3-jdk-11", (500, 700)),
        ("gcr.io/distroless/static-debian12", (1, 3)),
    ],
)
def test_known_images(reference: str, megabytes: tuple[int, int]) -> None:
    found = holding(base_image(reference))
    assert found is not None
    assert megabytes[0] <= found.kilobytes / 1000 <= megabytes[1]


@pytest.mark.parametrize(
    "reference",
    ["example.org/team/app", "nvidia/cuda:12-devel", "python:windowsservercore", "centos:7", "postgres"],
)
def test_unknown_images(reference: str) -> None:
    assert holding(base_image(reference)) is None


def test_images_of_a_distribution_hold_its_packages() -> None:
    found = distribution(base_image("postgres:16"))
    assert found is not None
    assert "libc6" in found.packages
    assert distribution(base_image("centos:7")) is None


def test_installed_packages_come_with_what_they_depend_on() -> None:
    found = installed(["gcc", "no-such-package"], NOTHING)
    assert {"gcc", "gcc-12", "cpp-12", "binutils", "libc6"} <= found.keys()
    assert "no-such-package" not in found
    assert "libc6" not in installed(["gcc"], frozenset({"libc6"}))
    assert installed([], NOTHING) == {}


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("gcc", True),
        ("openjdk-8-jdk", True),  # as the release's own
        ("gnutls-dev", True),  # provided by another
        ("python-dev", False),
        ("=debian", False),
        ("", False),
    ],
)
def test_is_sized(name: str, known: bool) -> None:
    assert is_sized(name) is known


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("libssl-dev", ("libssl3",)),
        ("default-libmysqlclient-dev", ("libmariadb3",)),
        ("no-such-dev", ()),
    ],
)
def test_libraries(name: str, wanted: tuple[str, ...]) -> None:
    assert set(wanted) <= set(libraries(name))
    assert not any("-dev" in library for library in libraries(name))
