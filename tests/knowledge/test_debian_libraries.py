"""Run-time libraries of Debian's and Ubuntu's -dev packages, release by release."""

from __future__ import annotations

import pytest

from converter.knowledge.packages import PackageKind, kind, runtime_part
from converter.knowledge.suites import debian_libraries, distribution_of, suite_of
from converter.knowledge.tables import table, text

SUITES = frozenset(
    name for line in table("packages/suites.toml")["distributions"].values() for name in line.split()
)


@pytest.mark.parametrize(
    ("name", "suite", "wanted"),
    [
        ("libicu-dev", "jessie", ("libicu52",)),
        ("libicu-dev", "bookworm", ("libicu72",)),
        ("libicu-dev", "focal", ("libicu66",)),
        ("libssl-dev", "xenial", ("libssl1.0.0",)),
        ("libssl-dev", "noble", ("libssl3t64",)),
        ("libcurl4-openssl-dev", "stretch", ("libcurl3",)),
        ("libcurl4-openssl-dev", "buster", ("libcurl4",)),
        ("libjpeg-dev", "bionic", ("libjpeg8",)),
        ("libjpeg-dev", "bookworm", ("libjpeg62-turbo",)),
        ("libmysqlclient-dev", "trusty", ("libmysqlclient18",)),
        ("libmysqlclient-dev", "bookworm", None),
        ("libpq-dev", "jessie", ("libpq5",)),
        ("libpq-dev", "jammy", ("libpq5",)),
        ("libncurses5-dev", "xenial", ("libncurses5", "libtinfo5")),
        ("binutils-dev", "bookworm", ("libbinutils", "libctf0", "libctf-nobfd0")),
        ("zlib1g-dev", "stretch", ()),
        ("libwebp-dev", "buster", None),
        ("libssl-dev", "wheezy", None),
        ("libssl-dev", "no-such-suite", None),
        ("no-such-dev", "bookworm", None),
    ],
)
def test_libraries(name: str, suite: str, wanted: tuple[str, ...] | None) -> None:
    assert debian_libraries(name, suite) == wanted


@pytest.mark.parametrize(
    ("name", "suite", "wanted"),
    [
        ("python3-dev", "bookworm", ("python3", "python3-distutils", "libpython3.11")),
        ("python-dev", "trusty", ("python", "libpython2.7")),
        ("python3-dev", "xenial", ("python3", "libpython3.5")),
        ("python3-dev", None, ("python3",)),
        ("python3.9-dev", "bullseye", ("python3.9", "libpython3.9")),
        ("php-dev", "bookworm", ("php-cli",)),
        ("libstdc++-12-dev", "bookworm", ()),
        ("libperl-dev", "bookworm", ("perl",)),
        ("openjdk-8-jdk-headless", None, ("openjdk-8-jre-headless",)),
        ("sapmachine-17-jdk", None, ("sapmachine-17-jre",)),
        ("maven", None, ("default-jre-headless",)),
        ("cpanminus", None, ("perl",)),
        ("php7.4-dev", None, ("php7.4-cli",)),
        ("git", None, ()),
        ("texlive-latex-base", None, ("texlive-latex-base",)),
        ("no-such-package", None, None),
    ],
)
def test_interpreters_and_tools(name: str, suite: str | None, wanted: tuple[str, ...] | None) -> None:
    assert runtime_part("apt", name, suite) == wanted


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("g++-7", PackageKind.BUILD),
        ("g++-multilib", PackageKind.BUILD),
        ("clang-14", PackageKind.BUILD),
        ("golang-1.10-go", PackageKind.BUILD),
        ("openjdk-11-jdk", PackageKind.BUILD),
        ("openjdk-11-jre-headless", PackageKind.RUNTIME),
        ("linux-headers-4.9.0-8-amd64", PackageKind.DEVELOPMENT),
        ("libc6-dbg", PackageKind.DEBUG),
        ("python3-numpy", PackageKind.RUNTIME),
        ("python-numpy-doc", PackageKind.DOC),
        ("php7.2-mbstring", PackageKind.RUNTIME),
        ("fonts-noto-cjk", PackageKind.RUNTIME),
        ("gettext", PackageKind.USE),
        ("gettext-base", PackageKind.RUNTIME),
        ("latexmk", PackageKind.RUNTIME),
        ("git-flow", PackageKind.VCS),
        ("git", PackageKind.USE),
    ],
)
def test_kinds_by_rules_for_names(name: str, wanted: PackageKind) -> None:
    assert kind("apt", name) is wanted


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("bookworm", "bookworm"),
        ("12.4", "bookworm"),
        ("22.04", "jammy"),
        ("noble-20240801", "noble"),
        ("5", None),
    ],
)
def test_suite_of(word: str, wanted: str | None) -> None:
    assert suite_of(word) == wanted


def test_every_named_suite_belongs_to_a_distribution() -> None:
    for suite in table("packages/suites.toml")["names"].values():
        assert distribution_of(suite) in ("debian", "ubuntu")


def test_older_releases() -> None:
    raw = dict(table("packages/older_libraries.toml"))
    unchanged = raw.pop("unchanged")
    names = unchanged["names"].split()
    assert names == sorted(set(names))
    assert {*unchanged["suites"].split(), *raw} <= SUITES
    for name in names:
        assert debian_libraries(name, "bullseye") is not None, name
    for suite, rows in raw.items():
        for name, libraries in rows.items():
            assert kind("apt", name) is PackageKind.DEVELOPMENT, (suite, name)
            assert libraries.split(), (suite, name)
            assert name not in names, (suite, name)


def test_lines_of_the_table_are_sorted_and_well_formed() -> None:
    rows = [line for line in text("packages/debian_libraries.txt").splitlines() if not line.startswith("#")]
    names = [row.split("\t")[0] for row in rows]
    assert names == sorted(set(names))
    assert len(names) > 10_000
    for row in rows[::37]:
        name, _, value = row.partition("\t")
        assert name == name.strip()
        for part in value.split(";"):
            codes, equals, _ = part.partition("=")
            assert not equals or set(codes.split(",")) <= {"bu", "bo", "tr", "si"}, row


@pytest.mark.parametrize(
    ("name", "library"), [("guile-2.2-dev", "guile-2.2-libs"), ("guile-3.0-dev", "guile-3.0-libs")]
)
def test_guile_is_loaded_as_a_library(name: str, library: str) -> None:
    assert library in (runtime_part("apt", name, "bookworm") or ())
