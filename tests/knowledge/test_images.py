"""What base images are, set, hold and start."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from converter.dockerfile.model import HOLE
from converter.knowledge.images import (
    BaseImage,
    Kind,
    base_image,
    has_command,
    has_shell,
    has_user,
    install_for,
    loses,
    same_libc,
    state_of,
)


@pytest.mark.parametrize(
    ("reference", "repository", "tag", "digest"),
    [
        ("debian", "debian", "latest", ""),
        ("docker.io/library/Debian:Bookworm", "debian", "bookworm", ""),
        ("library/python:3.11", "python", "3.11", ""),
        ("index.docker.io/nginx", "nginx", "latest", ""),
        ("host:5000/team/app", "host:5000/team/app", "latest", ""),
        ("host:5000/team/app:1.2", "host:5000/team/app", "1.2", ""),
        ("alpine@sha256:aa", "alpine", "", "sha256:aa"),
        ("alpine:3.18@sha256:aa", "alpine", "3.18", "sha256:aa"),
    ],
)
def test_names(reference: str, repository: str, tag: str, digest: str) -> None:
    image = base_image(reference)
    assert (image.repository, image.tag, image.digest) == (repository, tag, digest)


@pytest.mark.parametrize(
    ("reference", "family", "suite"),
    [
        ("debian:bookworm-slim", "debian", "bookworm"),
        ("debian:12.4", "debian", "bookworm"),
        ("debian:8", "debian", "jessie"),
        ("debian", "debian", None),
        ("debian:stable", "debian", None),
        ("ubuntu:22.04", "ubuntu", "jammy"),
        ("ubuntu:noble-20240801", "ubuntu", "noble"),
        ("ubuntu:latest", "ubuntu", None),
        ("alpine:3.18.4", "alpine", "3.18"),
        ("alpine:edge", "alpine", None),
        ("alpine:3", "alpine", None),
        ("multiarch/alpine:armhf-v3.5", "alpine", "3.5"),
        ("golang:1.21-bookworm", "debian", "bookworm"),
        ("golang:1.19-alpine3.17", "alpine", "3.17"),
        ("golang:1.19-alpine", "alpine", "3.18"),
        ("golang:1.20-windowsservercore-ltsc2022", "windows", None),
        ("python:2.7", "debian", "buster"),
        ("python:2", "debian", "buster"),
        ("python:3", "debian", None),
        ("python:3.11.4-bullseye", "debian", "bullseye"),
        ("golang:1.19.3", "debian", None),
        ("node:8", "debian", "stretch"),
        ("node:carbon", "debian", "stretch"),
        ("node:20.11.1", "debian", "bookworm"),
        ("node:lts", "debian", None),
        ("openjdk:8-jdk", "debian", "bullseye"),
        ("openjdk:17", "rpm", "ol8"),
        ("openjdk:17-slim", "debian", "bullseye"),
        ("maven:3.6-jdk-11", "debian", None),
        ("maven:3.8-openjdk-17", "rpm", None),
        ("maven:3.9-eclipse-temurin-17-focal", "ubuntu", "focal"),
        ("eclipse-temurin:17-jre-alpine", "alpine", None),
        ("nvidia/cuda:11.8.0-devel-ubuntu22.04", "ubuntu", "jammy"),
        ("nvidia/cuda:11.8.0-devel-centos7", "rpm", None),
        ("mcr.microsoft.com/dotnet/sdk:6.0", "debian", "bullseye"),
        ("mcr.microsoft.com/dotnet/sdk:6.0-alpine", "alpine", None),
        ("mcr.microsoft.com/dotnet/sdk:10.0", "ubuntu", "noble"),
        ("centos:7", "rpm", None),
        ("registry.access.redhat.com/ubi9/ubi-minimal", "rpm", None),
        ("archlinux", "arch", None),
        ("busybox:1.36", "busybox", None),
        ("scratch", "scratch", None),
        ("gcr.io/distroless/static-debian12", "distroless", None),
        ("cgr.dev/chainguard/python", "distroless", None),
        ("someone/thing:1", "unknown", None),
        (f"node:{HOLE}", "unknown", None),
        (f"ubuntu:{HOLE}", "ubuntu", None),
    ],
)
def test_families_and_releases(reference: str, family: str, suite: str | None) -> None:
    image = base_image(reference)
    assert (image.family, image.suite) == (family, suite)


@pytest.mark.parametrize(
    ("reference", "kind", "languages", "version"),
    [
        ("debian:12", Kind.OS, (), ""),
        ("python:3.11-slim", Kind.LANGUAGE, ("python",), "3.11"),
        ("python:3.11.4", Kind.LANGUAGE, ("python",), "3.11"),
        ("python:3", Kind.LANGUAGE, ("python",), ""),
        ("node:20", Kind.LANGUAGE, ("node",), "20"),
        ("php:8.2-cli", Kind.LANGUAGE, ("php",), "8.2"),
        ("php:8.2-apache", Kind.SERVICE, ("php",), "8.2"),
        ("php:7.4-fpm-alpine", Kind.SERVICE, ("php",), "7.4"),
        ("eclipse-temurin:17", Kind.LANGUAGE, ("java",), "17"),
        ("golang:1.21", Kind.TOOLCHAIN, ("go",), "1.21"),
        ("gcc:12", Kind.TOOLCHAIN, ("c",), "12"),
        ("microsoft/dotnet:2.1-sdk", Kind.TOOLCHAIN, ("dotnet",), "2.1"),
        ("microsoft/dotnet:2.1-aspnetcore-runtime", Kind.LANGUAGE, ("dotnet",), "2.1"),
        ("nvidia/cuda:11.8.0-devel-ubuntu22.04", Kind.TOOLCHAIN, ("cuda",), "11.8"),
        ("nginx:alpine", Kind.SERVICE, (), ""),
        ("docker:dind", Kind.SERVICE, (), ""),
        ("docker:cli", Kind.UNKNOWN, (), ""),
        ("golang:1.20-nanoserver", Kind.UNKNOWN, ("go",), "1.20"),
        ("someone/thing", Kind.UNKNOWN, (), ""),
    ],
)
def test_kinds(reference: str, kind: Kind, languages: tuple[str, ...], version: str) -> None:
    image = base_image(reference)
    assert (image.kind, image.languages, image.version) == (kind, languages, version)


@pytest.mark.parametrize(
    ("reference", "entrypoint", "cmd", "workdir", "stopsignal"),
    [
        ("debian:12", (), ("bash",), "/", ""),
        ("alpine:3.18", (), ("/bin/sh",), "/", ""),
        ("python:3.11", (), ("python3",), "/", ""),
        ("python:2.7", (), ("python2",), "/", ""),
        ("node:20", ("docker-entrypoint.sh",), ("node",), "/", ""),
        ("golang:1.21", (), ("bash",), "/go", ""),
        ("golang:1.21-alpine", (), ("/bin/sh",), "/go", ""),
        ("php:8.2-cli", ("docker-php-entrypoint",), ("php", "-a"), "/", ""),
        ("php:8.2-apache", ("docker-php-entrypoint",), ("apache2-foreground",), "/var/www/html", "SIGWINCH"),
        ("php:8.2-fpm", ("docker-php-entrypoint",), ("php-fpm",), "/var/www/html", "SIGQUIT"),
        ("openjdk:8-jdk", (), ("bash",), "/", ""),
        ("openjdk:11", (), ("jshell",), "/", ""),
        ("openjdk:11-jre-slim", (), ("bash",), "/", ""),
        ("nginx", ("/docker-entrypoint.sh",), ("nginx", "-g", "daemon off;"), "/", "SIGQUIT"),
        ("httpd:2.4", (), ("httpd-foreground",), "/usr/local/apache2", "SIGWINCH"),
        ("perl:5.26", (), ("perl", "-de0"), "/root", ""),
        ("perl:5.36", (), ("perl", "-de0"), "/usr/src/app", ""),
    ],
)
def test_what_is_started(
    reference: str, entrypoint: tuple[str, ...], cmd: tuple[str, ...], workdir: str, stopsignal: str
) -> None:
    image = base_image(reference)
    assert (image.entrypoint, image.cmd, image.workdir, image.stopsignal) == (
        entrypoint,
        cmd,
        workdir,
        stopsignal,
    )


@pytest.mark.parametrize(
    ("reference", "name", "value"),
    [
        ("golang:1.21", "GOPATH", "/go"),
        ("python:3.11", "LANG", "C.UTF-8"),
        ("python:3.11", "PYTHON_VERSION", HOLE),
        ("openjdk:11-jre-slim", "JAVA_HOME", "/usr/local/openjdk-11"),
        ("openjdk:8-jdk-alpine", "JAVA_HOME", HOLE),
        ("openjdk:8u181-jdk", "JAVA_HOME", HOLE),
        ("eclipse-temurin:17", "JAVA_HOME", "/opt/java/openjdk"),
        ("php:8.2-apache", "APACHE_CONFDIR", "/etc/apache2"),
        ("debian", "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
    ],
)
def test_environment(reference: str, name: str, value: str) -> None:
    assert base_image(reference).env[name] == value


def test_nothing_is_said_of_the_environment_of_unknown_images() -> None:
    assert base_image("someone/thing").env == {}


@pytest.mark.parametrize(
    ("reference", "build_libraries", "usr_local_empty", "certificates"),
    [
        ("debian:12", False, True, False),
        ("alpine:3.18", False, True, True),
        ("centos:7", False, True, True),
        ("buildpack-deps:bookworm", True, True, True),
        ("buildpack-deps:bookworm-scm", False, True, True),
        ("python:3.11", True, False, True),
        ("python:3.11-slim", False, False, True),
        ("node:20", True, False, True),
        ("node:20-slim", False, False, False),
        ("golang:1.21", False, False, True),
        ("eclipse-temurin:17", False, True, True),
        ("python:3.11-alpine", False, False, True),
        ("someone/thing", False, False, False),
    ],
)
def test_what_is_held(
    reference: str, build_libraries: bool, usr_local_empty: bool, certificates: bool
) -> None:
    image = base_image(reference)
    assert image.build_libraries is build_libraries
    assert image.usr_local_empty is usr_local_empty
    assert image.certificates is certificates


@pytest.mark.parametrize(
    ("reference", "command", "known"),
    [
        ("debian:12", "sleep", True),
        ("debian:12", "apt-get", True),
        ("debian:12", "curl", False),
        ("debian:12", "no-such-thing", None),
        ("alpine:3.18", "wget", True),
        ("alpine:3.18", "bash", False),
        ("python:3.11-alpine", "pip", True),
        ("python:3.11-slim", "git", False),
        ("node:20", "git", True),
        ("node:20-slim", "python3", False),
        ("golang:1.21", "go", True),
        ("openjdk:11-jre-slim", "javac", False),
        ("openjdk:11", "javac", True),
        ("php:8.2-fpm-alpine", "curl", True),
        ("php:8.2-cli", "gcc", True),
        ("centos:7", "yum", None),
        ("centos:7", "git", False),
        ("scratch", "sh", False),
        ("gcr.io/distroless/static", "sh", False),
        ("gcr.io/distroless/static:debug", "sh", None),
        ("someone/thing", "sh", None),
    ],
)
def test_commands(reference: str, command: str, known: bool | None) -> None:
    assert has_command(base_image(reference), command) is known


@pytest.mark.parametrize(
    ("reference", "known"), [("debian:jessie-slim", True), ("debian:bookworm-slim", False)]
)
def test_old_releases_have_gnupg_from_the_start(reference: str, known: bool) -> None:
    assert has_command(base_image(reference), "gpg") is known


@pytest.mark.parametrize(
    ("reference", "user", "there"),
    [
        ("debian:12", "www-data", True),
        ("debian:12", "nginx", False),
        ("alpine:3.18", "nobody", True),
        ("alpine:3.18", "_apt", False),
        ("node:20-alpine", "node", True),
        ("nginx", "nginx", True),
        ("gradle:7", "gradle", True),
        ("scratch", "root", False),
        ("someone/thing", "root", True),
        ("someone/thing", "app", False),
    ],
)
def test_users(reference: str, user: str, there: bool) -> None:
    assert has_user(base_image(reference), user) is there


@pytest.mark.parametrize(
    ("reference", "user", "home"),
    [
        ("debian:12", "www-data", "/var/www"),
        ("ubuntu:22.04", "nobody", "/nonexistent"),
        ("php:8.2-apache", "www-data", "/var/www"),
        ("alpine:3.18", "nobody", "/"),
        ("centos:7", "games", "/usr/games"),
        ("jenkins/jenkins:lts", "jenkins", "/var/jenkins_home"),
        ("node:20", "node", None),
        ("php:8.2-fpm-alpine", "www-data", None),  # an account of the image, the group alone is Alpine's
        ("someone/thing", "www-data", None),
    ],
)
def test_homes_that_are_not_called_like_the_account(reference: str, user: str, home: str | None) -> None:
    assert base_image(reference).homes.get(user) == home


@pytest.mark.parametrize(
    ("reference", "there"),
    [
        ("debian", True),
        ("scratch", False),
        ("gcr.io/distroless/base-debian12", False),
        ("gcr.io/distroless/base-debian12:debug", True),
        ("cgr.dev/chainguard/python:latest-dev", True),
        ("someone/thing", True),
    ],
)
def test_shells(reference: str, there: bool) -> None:
    assert has_shell(base_image(reference)) is there


def test_what_a_slim_base_loses() -> None:
    lost = loses(base_image("python:3.11"), base_image("python:3.11-slim"))
    assert {"git", "curl", "wget", "ssh", "gcc", "make", "unzip"} <= set(lost)
    assert {"python3", "pip", "bash", "sleep"}.isdisjoint(lost)
    assert lost == tuple(sorted(lost))


def test_nothing_is_known_to_be_lost_to_an_unknown_base() -> None:
    assert loses(base_image("python:3.11"), base_image("someone/thing")) == ()


def test_everything_is_lost_to_scratch() -> None:
    assert "sh" in loses(base_image("debian"), base_image("scratch"))


@pytest.mark.parametrize(
    ("command", "family", "package"),
    [
        ("git", "debian", "git"),
        ("ssh", "ubuntu", "openssh-client"),
        ("ps", "debian", "procps"),
        ("g++", "rpm", "gcc-c++"),
        ("pkg-config", "alpine", "pkgconf"),
        ("ls", "debian", None),
        ("git", "windows", None),
    ],
)
def test_packages_for_commands(command: str, family: str, package: str | None) -> None:
    assert install_for(command, family) == package


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("debian", "ubuntu", True),
        ("golang:1.21", "golang:1.21-alpine", False),
        ("alpine", "node:20-alpine", True),
        ("centos:7", "debian", True),
        ("debian", "gcr.io/distroless/base", True),
        ("debian", "gcr.io/distroless/static", False),
        ("debian", "scratch", False),
    ],
)
def test_c_libraries(one: str, two: str, same: bool) -> None:
    assert same_libc(base_image(one), base_image(two)) is same


def test_the_state_of_a_stage_is_that_of_its_image() -> None:
    state = state_of(base_image("golang:1.21"))
    assert (state.workdir, state.env["GOPATH"], state.user) == ("/go", "/go", "")
    assert state_of(base_image("jenkins/jenkins")).user == "jenkins"
    assert state_of(BaseImage("x", workdir=HOLE)).workdir is None


@pytest.mark.parametrize(
    ("reference", "workdir"),
    [("drupal:8.7", "/var/www/html"), ("drupal:7-fpm", "/var/www/html"), ("drupal:8.9", "/opt/drupal")],
)
def test_a_work_directory_that_moved(reference: str, workdir: str) -> None:
    assert base_image(reference).workdir == workdir


@given(st.text(max_size=60))
def test_any_text_is_an_image(text: str) -> None:
    image = base_image(text)
    assert image.reference == text
    assert isinstance(image.kind, Kind)
