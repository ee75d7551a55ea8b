"""Right values for packages of each manager: kind, programs, kinds of work and what stays of them."""

from __future__ import annotations

import pytest

from converter.knowledge.packages import PackageKind, kind, programs, runtime_part, tool_class

B, D, V, U, R = (
    PackageKind.BUILD,
    PackageKind.DEVELOPMENT,
    PackageKind.VCS,
    PackageKind.USE,
    PackageKind.RUNTIME,
)


@pytest.mark.parametrize(
    ("manager", "names", "wanted"),
    [
        ("apk", "build-base alpine-sdk gcc g++ make cmake abuild binutils autoconf go cargo rust", B),
        ("apk", "openjdk8 openjdk17 maven npm nodejs-npm py3-pip php7-pear clang15 zlib-static", B),
        ("apk", "musl-dev libc-dev linux-headers openssl-dev python3-dev php7-dev postgresql14-dev", D),
        ("apk", "curl git bash python3 nodejs openssh-client tar gettext dpkg ruby", U),
        ("apk", "php7-json libpq su-exec tini s6 openjdk8-jre openjdk11-jre-headless nginx tzdata", R),
        ("apk", "mercurial subversion git-svn", V),
        ("apk", "musl-dbg vim strace bind-tools", PackageKind.DEBUG),
        ("apk", "curl-doc mandoc-doc", PackageKind.DOC),
        ("apk", "nobody-knows-it", PackageKind.UNKNOWN),
        ("yum", "gcc gcc-c++ make rpm-build yum-utils java-1.8.0-openjdk-devel devtoolset-7-gcc-c++", B),
        ("dnf", "gcc-toolset-12-gcc java-17-openjdk-devel python3-pip golang llvm-toolset-7", B),
        ("yum", "zlib-devel glibc-headers kernel-devel openssl-devel-1.0.2k-19.el7 python36u-devel", D),
        ("microdnf", "curl unzip python3 python36 git openssh-clients perl", U),
        ("yum", "epel-release httpd php-mbstring java-11-openjdk-headless httpd-2.4.6 glibc mod_ssl", R),
        ("zypper", "gcc gcc-c++ gcc7-c++ make java-11-openjdk-devel python3-pip npm16", B),
        ("zypper", "zlib-devel glibc-devel", D),
        ("zypper", "timezone ca-certificates-mozilla libopenssl1_1", R),
        ("pacman", "base-devel gcc cmake jdk8-openjdk go python-pip", B),
        ("pacman", "libsodium jre8-openjdk python-numpy", R),
        ("pacman", "git python", U),
    ],
)
def test_kind(manager: str, names: str, wanted: PackageKind) -> None:
    assert {name: kind(manager, name) for name in names.split()} == dict.fromkeys(names.split(), wanted)


@pytest.mark.parametrize(
    "name", ["@Development Tools", "@C Development Tools and Libraries", "@development-tools"]
)
def test_groups_for_development(name: str) -> None:
    assert kind("yum", name) is B


@pytest.mark.parametrize(
    ("name", "bullseye", "bookworm", "trixie", "sid"),
    [
        ("libssl-dev", ("libssl1.1",), ("libssl3",), ("libssl3t64",), ("libssl3t64",)),
        ("libffi-dev", ("libffi7",), ("libffi8",), ("libffi8",), ("libffi8",)),
        ("libpq-dev", ("libpq5",), ("libpq5",), ("libpq5",), ("libpq5",)),
        ("libxslt1-dev", ("libxslt1.1",), ("libxslt1.1",), ("libxslt1.1",), ("libxslt1.1",)),
        ("libicu-dev", ("libicu67",), ("libicu72",), ("libicu76",), None),
        ("libpng-dev", ("libpng16-16",), ("libpng16-16",), ("libpng16-16t64",), ("libpng16-16t64",)),
        ("zlib1g-dev", (), (), (), ()),
        ("libc6-dev", (), (), (), ()),
        ("linux-libc-dev", (), (), (), ()),
    ],
)
def test_libraries_of_debian_releases(
    name: str,
    bullseye: tuple[str, ...],
    bookworm: tuple[str, ...],
    trixie: tuple[str, ...],
    sid: tuple[str, ...] | None,
) -> None:
    assert runtime_part("apt", name, "bullseye") == bullseye
    assert runtime_part("apt", name, "bookworm") == bookworm
    assert runtime_part("apt", name, "trixie") == trixie
    if sid is not None:  # a library whose number sid changes now and then is left out
        assert runtime_part("apt", name, "sid") == sid


@pytest.mark.parametrize("name", ["libssl-dev", "libpq-dev", "zlib1g-dev"])
@pytest.mark.parametrize("suite", [None, "no-such-suite"])
def test_libraries_of_an_unknown_release_cannot_be_told(name: str, suite: str | None) -> None:
    assert runtime_part("apt", name, suite) is None


def test_a_dev_package_may_bring_several_libraries() -> None:
    found = runtime_part("apt", "libgmp-dev", "bookworm")
    assert found is not None
    assert {"libgmp10"} <= set(found) <= {"libgmp10", "libgmpxx4ldbl"}


@pytest.mark.parametrize(
    ("manager", "name", "wanted"),
    [
        ("apt", "openjdk-17-jdk", ("openjdk-17-jre",)),
        ("apt", "php7.4-dev", ("php7.4-cli",)),
        ("apt", "build-essential", ()),
        ("apk", "build-base", ("libstdc++", "libgcc")),
        ("apk", "gcc", ("libgcc",)),
        ("apk", "cargo", ("libgcc",)),
        ("apk", "go", ()),
        ("apk", "make", ()),
        ("apk", "musl-dev", ()),
        ("apk", "linux-headers", ()),
        ("apk", "jpeg-dev", ("libjpeg-turbo",)),
        ("apk", "zlib-dev", ("zlib",)),
        ("apk", "libxml2-dev", ("libxml2",)),
        ("apk", "icu-dev", ("icu-libs",)),
        ("apk", "bzip2-dev", ("libbz2",)),
        ("apk", "curl-dev", ("libcurl",)),
        ("apk", "postgresql14-dev", ("libpq",)),
        ("apk", "lua5.3-dev", ("lua5.3-libs",)),
        ("apk", "python3-dev", ("python3",)),
        ("apk", "ruby-dev", ("ruby",)),
        ("apk", "php81-dev", ("php81",)),
        ("apk", "py3-pip", ("python3", "py3-setuptools")),
        ("apk", "py2-pip", ("python2", "py2-setuptools")),
        ("apk", "npm", ("nodejs",)),
        ("apk", "openjdk8", ("openjdk8-jre",)),
        ("apk", "openjdk11-jdk", ("openjdk11-jre",)),
        ("apk", "git", ()),
        ("apk", "nginx", ("nginx",)),
        ("dnf", "gcc-c++", ("libstdc++",)),
        ("yum", "openssl-devel", ("openssl-libs",)),
        ("yum", "zlib-devel-1.2.7-18.el7", ("zlib",)),
        ("yum", "krb5-devel", ("krb5-libs",)),
        ("yum", "glibc-devel", ()),
        ("yum", "java-1.8.0-openjdk-devel", ("java-1.8.0-openjdk",)),
        ("dnf", "java-17-openjdk-devel", ("java-17-openjdk",)),
        ("yum", "postgresql96-devel", ("postgresql96-libs",)),
        ("yum", "python36u-devel", ("python36u",)),
        ("yum", "@Development Tools", ()),
        ("zypper", "gcc-c++", ("libstdc++6",)),
        ("zypper", "java-1_8_0-openjdk-devel", ("java-1_8_0-openjdk",)),
        ("pacman", "base-devel", ("gcc-libs",)),
        ("pacman", "jdk8-openjdk", ("jre8-openjdk",)),
    ],
)
def test_what_stays(manager: str, name: str, wanted: tuple[str, ...]) -> None:
    assert runtime_part(manager, name, None) == wanted


@pytest.mark.parametrize(
    ("manager", "names"),
    [
        (
            "apk",
            "openssl-dev libressl-dev ncurses-dev mariadb-dev libwebp-dev protobuf-dev boost-dev ffmpeg-dev",
        ),
        ("apk", "maven gradle py-virtualenv nobody-knows-it"),
        ("yum", "mysql-devel mariadb-devel nobody-knows-it-devel maven"),
        ("zypper", "openssl-devel krb5-devel boost-devel"),
        ("nix", "gcc"),
    ],
)
def test_what_stays_cannot_be_told(manager: str, names: str) -> None:
    """The name of the run-time package differs between releases, or nobody knows the package."""
    assert {name: runtime_part(manager, name, None) for name in names.split()} == dict.fromkeys(names.split())


@pytest.mark.parametrize(
    ("manager", "name", "wanted"),
    [
        ("apk", "build-base", {"gcc", "g++", "make", "ld"}),
        ("apk", "php7-dev", {"phpize", "php-config"}),
        ("apk", "openjdk11", {"java", "javac"}),
        ("apk", "openjdk11-jre", {"java"}),
        ("apk", "py3-pip", {"pip", "pip3"}),
        ("apk", "xz", {"xz", "unxz"}),
        ("apk", "gettext", {"envsubst", "msgfmt"}),
        ("yum", "java-1.8.0-openjdk-devel", {"javac"}),
        ("yum", "java-1.8.0-openjdk", {"java"}),
        ("yum", "httpd-2.4.6", {"httpd"}),
        ("yum", "python36", {"python36"}),
        ("yum", "@Development Tools", {"gcc", "make"}),
        ("zypper", "gcc-c++", {"g++"}),
        ("pacman", "python-pip", {"pip"}),
    ],
)
def test_programs(manager: str, name: str, wanted: set[str]) -> None:
    assert wanted <= set(programs(manager, name))


@pytest.mark.parametrize(
    ("manager", "name"),
    [("apt", "libpq-dev"), ("apk", "zlib-dev"), ("dnf", "zlib-devel"), ("zypper", "zlib-devel")],
)
def test_headers_bring_no_programs(manager: str, name: str) -> None:
    assert programs(manager, name) == ()


def test_the_headers_of_java_bring_no_java() -> None:
    """The JRE that the package is replaced by has it."""
    assert "java" not in programs("yum", "java-11-openjdk-devel")


@pytest.mark.parametrize(
    ("manager", "name", "wanted"),
    [
        ("apk", "curl", {"fetch"}),
        ("apk", "git", {"fetch", "vcs"}),
        ("apk", "gnupg", {"sign", "repository"}),
        ("apk", "npm", {"node"}),
        ("apk", "openjdk8", {"java"}),
        ("apt", "openjdk-17-jdk", {"java"}),
        ("apk", "py3-pip", {"compile", "python"}),
        ("apk", "nginx", set()),
        ("yum", "rpm-build", {"compile", "packaging"}),
        ("yum", "yum-utils", {"repository"}),
        ("yum", "zlib-devel", {"compile"}),
        ("yum", "httpd", set()),
        ("pacman", "base-devel", {"compile", "packaging"}),
    ],
)
def test_kinds_of_work(manager: str, name: str, wanted: set[str]) -> None:
    assert tool_class(manager, name) == wanted


@pytest.mark.parametrize(
    ("manager", "name", "suite", "parts"),
    [
        ("apk", "openssl-dev", "3.8", ("libcrypto1.0", "libssl1.0")),
        ("apk", "openssl-dev", "3.9", ("libcrypto1.1", "libssl1.1")),
        ("apk", "openssl-dev", "3.17", ("libcrypto3", "libssl3")),
        ("apk", "openssl-dev", None, None),
        ("apk", "py2-pip", "3.6", ("python2", "py-setuptools")),
        ("apk", "py2-pip", "3.8", ("python2", "py2-setuptools")),
        ("apt", "libmemcached-dev", "trusty", ("libmemcached10", "libmemcachedutil2")),
        ("apt", "libmemcached-dev", "xenial", ("libmemcached11", "libmemcachedutil2")),
    ],
)
def test_names_that_changed_with_a_release(
    manager: str, name: str, suite: str | None, parts: tuple[str, ...] | None
) -> None:
    assert runtime_part(manager, name, suite) == parts
