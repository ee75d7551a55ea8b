"""Contracts of the tables of base images."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import converter.knowledge
from converter.knowledge.image_tables import contents, distributions, repository_row, tags
from converter.knowledge.images import Kind, base_image

DATA = Path(converter.knowledge.__file__).parent / "data" / "base_images"
ROWS: Mapping[str, Mapping[str, Any]] = tomllib.loads((DATA / "repositories.toml").read_text("utf-8"))
TAGGED = sorted(path.stem for path in (DATA / "tags").glob("*.txt"))
KEYS = {
    *(
        "kind",
        "family",
        "languages",
        "series",
        "points",
        "lines",
        "suites",
        "since",
        "contents",
        "programs",
        "slim",
    ),
    *("more_programs", "lacks", "usr_local", "env", "entrypoint", "pass_through", "cmd", "user", "users"),
    *("workdir", "stopsignal", "volumes", "expose", "reads", "certificates", "tzdata", "build_libraries"),
    *("own_libraries", "variants", "ended", "run_time", "homes", "slim_since"),
}
FAMILIES = {"debian", "ubuntu", "alpine", "rpm", "arch", "busybox", "scratch", "distroless", "windows"}


@pytest.mark.parametrize("name", sorted(ROWS))
def test_rows(name: str) -> None:
    row = ROWS[name]
    assert repository_row(name) == row, "one row is read as the whole file reads it"
    assert set(row) <= KEYS
    assert Kind(row["kind"])
    assert row.get("family", "debian") in FAMILIES
    releases = [*distributions()["suites"]["debian"], *distributions()["suites"]["ubuntu"]]
    since = [releases.index(suite) for suite in row.get("since", {})]
    assert since == sorted(since)
    for variant in row.get("variants", ()):
        re.compile(variant["when"])
        assert set(variant) <= KEYS | {"when"}
    for held in [row, *row.get("variants", ())]:
        assert set(held.get("contents", {}).values()) <= set(contents())
    assert base_image(name).repository == name


def test_unknown_repositories_have_no_row() -> None:
    assert repository_row("someone/thing") is None
    assert repository_row("]\n[debian") is None


@pytest.mark.parametrize("repository", TAGGED)
def test_tags_are_of_known_repositories_and_releases(repository: str) -> None:
    known = tags(repository)
    assert known
    assert repository in ROWS or repository == "julia"
    suites = {*distributions()["suites"]["debian"], *distributions()["suites"]["ubuntu"]}
    strange = {
        suite for suite in known.values() if suite not in suites and not re.fullmatch(r"|\d\.\d+|ol\d", suite)
    }
    assert strange <= {"ubuntu16.04", "ubuntu23.10"}


def test_tags_of_the_library_name_their_release_themselves() -> None:
    for repository in ("golang", "python", "node", "ruby", "rust"):
        for tag, suite in tags(repository).items():
            if re.search("bookworm|bullseye|trixie", tag):
                assert suite in tag


@pytest.mark.parametrize("name", sorted(contents()))
def test_contents(name: str) -> None:
    row = contents()[name]
    assert not set(row["has"]) & set(row["lacks"])
    assert row["source"]


def test_aliases_lead_to_rows() -> None:
    assert set(distributions()["aliases"].values()) <= set(ROWS)


def test_every_release_has_a_name_that_is_listed() -> None:
    for distribution, numbers in distributions()["releases"].items():
        assert set(numbers.values()) <= set(distributions()["suites"][distribution])
