"""The rebuilding of tables, on the smallest of sources."""

from __future__ import annotations

import gzip
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from converter.knowledge.tables import text
from tests.knowledge.rebuild import debian_libraries, image_tags, sizes
from tests.knowledge.rebuild.packages_index import content, read_index

PACKAGES = """\
Package: libplum-dev
Source: plum (2.0-1)
Section: libdevel
Installed-Size: 900
Depends: libplum2 (= 2.0-1+b1), plum-data, libpear-dev (>= 1) | libpear1-dev, libc6-dev
Provides: plum-dev (= 2.0)

Package: libplum2
Source: plum
Section: libs
Installed-Size: 300
Pre-Depends: libc6 (>= 2.36)
Depends:
 plum-data:any,
 plum-server | plum-client

Package: plum-data
Source: plum
Section: libs
Installed-Size: 40

Package: plum-small
Section: net
Installed-Size: 10
Provides: plum-server

Package: plum-large
Section: net
Installed-Size: 20
Provides: plum-server

Package: libpear-dev
Source: pear
Section: libdevel
Installed-Size: 70
Depends: libpear1

Package: libpear1
Source: pear
Section: libs
Installed-Size: 7

Package: fruit-all-dev
Section: metapackages
Installed-Size: 1
Depends: libplum-dev, libpear-dev

Package: librust-plum-dev
Section: rust
Installed-Size: 5
Depends: libplum-dev

Package: openplum-17-tool
Section: net
Priority: optional
Installed-Size: 0

Package: libc6
Section: libs
Priority: required
Installed-Size: 12000

Package: libc6-dev
Section: libdevel
Installed-Size: 11000
Depends: libc6
"""
LIBRARY = """\
# made by a script
Maintainers: Some One <one@example.org> (@one),
             Another <other@example.org>

Tags: 2.1.3-trixie, 2.1-trixie, trixie
SharedTags: 2.1.3, 2.1, latest
Architectures: amd64, arm64v8
Directory: 2.1/trixie

Tags: 2.1.3-alpine3.22, 2.1-alpine3.22, 2.1-alpine
Directory: 2.1/alpine3.22

Tags: 2.2-rc-trixie, 2.2-rc
Directory: 2.2-rc/trixie

Tags: 2.1-odd
Directory: 2.1/jammy/odd

Tags: 2.1-strange
Directory: 2.1

Tags: 2.1-windowsservercore
SharedTags: 2.1
Architectures: windows-amd64
Directory: 2.1/windows
"""


def test_sizes_of_packages() -> None:
    index = read_index(PACKAGES)
    assert list(sizes.package_lines(index, ["libplum-dev", "plum-dev", "openplum-8-tool", "unheard-of"])) == [
        "libc6\t12000\t",
        "libc6-dev\t11000\tlibc6",
        "libpear-dev\t70\tlibpear1",
        "libpear1\t7\t",
        "libplum-dev\t900\tlibc6-dev libpear-dev libplum2 plum-data",
        "libplum2\t300\tlibc6 plum-data plum-small",
        "openplum-17-tool\t1\t",
        "openplum-8-tool\t0\topenplum-17-tool",
        "plum-data\t40\t",
        "plum-dev\t0\tlibplum-dev",
        "plum-small\t10\t",
    ]


def test_sizes_of_images() -> None:
    index = read_index(PACKAGES)
    table: dict[str, dict[str, Any]] = {
        "small": {"required": True, "megabytes": 3},
        "full": {"base": "small", "packages": "libpear-dev libc6", "megabytes": 50},
        "none": {},
    }
    assert list(sizes.image_lines(index, table)) == [
        "full\t65077\t=small libpear-dev libpear1",
        "none\t0\t",
        "small\t15000\tlibc6",
    ]
    assert sizes.image_packages(index, table) == {"libc6", "libpear-dev", "libpear1"}
    with pytest.raises(SystemExit, match=r"\[bad\].*no-such"):
        list(sizes.image_lines(index, {"bad": {"packages": "no-such"}}))


def test_libraries_of_one_suite() -> None:
    assert debian_libraries.libraries(read_index(PACKAGES)) == {
        "libplum-dev": ("libplum2",),
        "libpear-dev": ("libpear1",),
        "fruit-all-dev": ("libplum2", "libpear1"),
        "libc6-dev": (),
        "plum-dev": ("libplum2",),
    }


def test_libraries_of_all_suites() -> None:
    same = {"a-dev": ("a1",), "none-dev": ()}
    suites = {
        "bu": same,
        "bo": same,
        "tr": {"none-dev": (), "b-dev": ("b1", "b2")},
        "si": {**same, "b-dev": ("b3",)},
    }
    made = list(debian_libraries.lines(suites))
    assert made == ["a-dev\tbu,bo,si=a1", "b-dev\ttr=b1 b2;si=b3", "none-dev\t"]
    assert debian_libraries.read("# head\n" + "\n".join(made)) == suites


def test_the_shipped_libraries_are_read_and_made_alike() -> None:
    shipped = text("packages/debian_libraries.txt")
    made = debian_libraries.head("November 2026") + "".join(
        f"{line}\n" for line in debian_libraries.lines(debian_libraries.read(shipped))
    )
    assert made == shipped


def test_tags() -> None:
    older = ["-\t1-onbuild", "bookworm\t2.1 latest 2.0", "3.21\t2.1-alpine"]
    assert list(image_tags.lines(LIBRARY, older)) == [
        "-\t1-onbuild 2.1-strange",
        "3.22\t2.1-alpine 2.1-alpine3.22",
        "bookworm\t2.0",
        "jammy\t2.1-odd",
        "trixie\t2.1 2.1-trixie latest trixie",
    ]


@pytest.mark.parametrize("repository", ["python", "maven", "buildpack-deps"])
def test_shipped_tags_stay_as_they_are_without_news(repository: str) -> None:
    shipped = text(f"base_images/tags/{repository}.txt").splitlines()
    assert list(image_tags.lines("", shipped)) == shipped


@pytest.mark.parametrize(
    ("name", "packed"),
    [("Packages", bytes), ("Packages.gz", gzip.compress), ("Packages.xz", lzma.compress)],
)
def test_an_index_may_be_packed(tmp_path: Path, name: str, packed: Callable[[bytes], bytes]) -> None:
    (tmp_path / name).write_bytes(packed(PACKAGES.encode()))
    assert content(str(tmp_path / name)) == PACKAGES
