"""What packages are for, what they bring, and what has to stay of them."""

from __future__ import annotations

import pytest

from converter.knowledge.package_kinds import FAMILIES, package_table
from converter.knowledge.packages import (
    PackageKind,
    data_directories,
    dlopened,
    kind,
    needs_man_directory,
    programs,
    runtime_part,
    tool_class,
)


@pytest.mark.parametrize(
    ("manager", "name", "wanted"),
    [
        ("apt", "build-essential", PackageKind.BUILD),
        ("apt", "libssl-dev", PackageKind.DEVELOPMENT),
        ("apt", "libpq5", PackageKind.RUNTIME),
        ("apt", "curl", PackageKind.USE),
        ("apt", "vim", PackageKind.DEBUG),
        ("apt", "subversion", PackageKind.VCS),
        ("apt", "ca-certificates", PackageKind.RUNTIME),
        ("apt", "python3-pip", PackageKind.BUILD),
        ("apk", "build-base", PackageKind.BUILD),
        ("apk", "musl-dev", PackageKind.DEVELOPMENT),
        ("apk", "libffi-dev", PackageKind.DEVELOPMENT),
        ("apk", "php7-json", PackageKind.RUNTIME),
        ("yum", "gcc-c++", PackageKind.BUILD),
        ("dnf", "openssl-devel", PackageKind.DEVELOPMENT),
        ("yum", "httpd", PackageKind.RUNTIME),
        ("apt", "a-name-nobody-knows", PackageKind.UNKNOWN),
    ],
)
def test_kind(manager: str, name: str, wanted: PackageKind) -> None:
    assert kind(manager, name) is wanted


@pytest.mark.parametrize(
    ("manager", "name", "suite", "wanted"),
    [
        ("apt", "libssl-dev", "bookworm", ("libssl3",)),
        ("apt", "libssl-dev", "bullseye", ("libssl1.1",)),
        ("apt", "libssl-dev", "trixie", ("libssl3t64",)),
        ("apt", "libssl-dev", None, None),
        ("apt", "libpq-dev", "bookworm", ("libpq5",)),
        ("apt", "libc6-dev", "bookworm", ()),
        ("apt", "libjson0-dev", "bookworm", ("libjson-c5",)),
        ("apt", "gcc", None, ()),
        ("apt", "python3-pip", None, ("python3", "python3-setuptools", "ca-certificates")),
        ("apt", "python3-setuptools", None, ("python3-setuptools",)),
        ("apt", "python3-venv", None, ("python3",)),
        ("apt", "python3-venv", "bionic", ("python3", "python3-distutils")),
        ("apt", "python3-venv", "noble", ("python3",)),
        ("apt", "default-jdk", None, ("default-jre",)),
        ("apt", "libpq5", None, ("libpq5",)),
        ("apk", "postgresql-dev", None, ("libpq",)),
        ("apk", "g++", None, ("libstdc++", "libgcc")),
        ("apk", "py3-pip", "3.18", ("python3", "py3-setuptools")),
        ("apk", "py-pip", "3.5", ("py-setuptools",)),
        ("apk", "py-pip", "3.8", ("py2-setuptools",)),
        ("apk", "py-pip", "3.16", ("py3-setuptools",)),
        ("apk", "py-pip", "edge", ("py3-setuptools",)),
        ("apk", "py-pip", None, ("py-setuptools",)),
        ("apk", "openssl-dev", None, None),
        ("yum", "zlib-devel", None, ("zlib",)),
        ("yum", "gcc", None, ()),
    ],
)
def test_runtime_part(manager: str, name: str, suite: str | None, wanted: tuple[str, ...] | None) -> None:
    assert runtime_part(manager, name, suite) == wanted


@pytest.mark.parametrize(
    ("manager", "name", "some"),
    [
        ("apt", "build-essential", {"gcc", "make", "g++"}),
        ("apt", "gnupg", {"gpg"}),
        ("apt", "curl", {"curl"}),
        ("apt", "xz-utils", {"xz"}),
        ("apk", "openssh-client", {"ssh", "scp"}),
        ("yum", "gcc-c++", {"g++"}),
        ("apt", "nginx", {"nginx"}),
    ],
)
def test_programs(manager: str, name: str, some: set[str]) -> None:
    assert some <= set(programs(manager, name))


def test_headers_bring_no_programs() -> None:
    assert programs("apt", "libssl-dev") == ()


@pytest.mark.parametrize(
    ("manager", "name", "some"), [("apt", "gcc", "compile"), ("apt", "git", "vcs"), ("apk", "tar", "unpack")]
)
def test_kind_of_work(manager: str, name: str, some: str) -> None:
    assert some in tool_class(manager, name)


def test_packages_that_need_the_directory_of_manuals() -> None:
    assert needs_man_directory("openjdk-17-jre-headless")
    assert not needs_man_directory("nginx")


@pytest.mark.parametrize("manager", sorted(set(FAMILIES.values())))
def test_every_table_loads(manager: str) -> None:
    found = package_table(manager)
    assert found is not None
    assert all(name == name.strip() for name in found.kinds)


@pytest.mark.parametrize(("suite", "bundled"), [("jessie", False), ("trusty", False), ("stretch", True)])
def test_what_pip_finds_installed_stays(suite: str, bundled: bool) -> None:
    for python in ("python", "python3"):
        parts = runtime_part("apt", f"{python}-pip", suite) or ()
        assert (f"{python}-requests" in parts) is not bundled


def test_an_empty_package_of_a_former_name_stands_for_the_one_that_it_brings() -> None:
    assert dlopened("apt", "libgdal1-dev") == dlopened("apt", "libgdal-dev") != ()


def test_word_lists_are_read_by_the_name_of_their_directory() -> None:
    assert data_directories("apt", "wbritish-insane") == ("/usr/share/dict",)
    assert data_directories("yum", "words") == ("/usr/share/dict",)
    assert data_directories("apt", "sudo") == ("/etc/sudoers", "/etc/sudoers.d")


@pytest.mark.parametrize("name", ["debootstrap", "fdroidserver", "reprepro", "squashfs-tools", "upx"])
def test_what_programs_call_as_much_as_builds_do_depends_on_use(name: str) -> None:
    assert kind("apt", name) is PackageKind.USE
