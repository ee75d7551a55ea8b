"""Names in tables: numbers, patterns and single lines."""

from __future__ import annotations

import pytest

from converter.knowledge.tables import generic, line_of, matches, sorted_line_of


@pytest.mark.parametrize(
    ("name", "pattern", "wanted"),
    [
        ("libssl-dev", "*-dev", True),
        ("-dev", "*-dev", True),
        ("example.org/setup/x/get.py", "example.org/*/x/*.py", True),
        ("example.org/x/get.py", "example.org/*/x/*.py", False),
        ("ab", "ab*b", False),
        ("gcc-#", "gcc-#", True),
        ("gcc-arm-linux-gnueabihf", "gcc-*-linux-gnu*", True),
        ("gcc-avr", "gcc-*-linux-gnu*", False),
        ("my-lib-x", "*-lib-*", True),
        ("libfoo", "lib*", True),
        ("zlib", "lib*", False),
    ],
)
def test_matches(name: str, pattern: str, wanted: bool) -> None:
    assert matches(name, pattern) is wanted


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("openjdk-8-jdk", ("openjdk-#-jdk", "8")),
        ("libboost1.74-dev", ("libboost#-dev", "1.74")),
        ("curl", ("curl", "")),
    ],
)
def test_generic(name: str, wanted: tuple[str, str]) -> None:
    assert generic(name) == wanted


def test_line_of() -> None:
    assert line_of("packages/debian_libraries.txt", "zlib1g-dev") == "zlib1g"
    assert line_of("packages/debian_libraries.txt", "zlib1g") is None


@pytest.mark.parametrize(
    "key", ["389-ds-base-dev", "zlib1g-dev", "libssl-dev", "zlib1g", "libssl-de", "", "#", "zzz"]
)
def test_sorted_line_of_finds_what_line_of_does(key: str) -> None:
    assert sorted_line_of("packages/debian_libraries.txt", key) == line_of(
        "packages/debian_libraries.txt", key
    )
