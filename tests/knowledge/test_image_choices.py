"""Narrower siblings of base images."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from converter.knowledge.images import (
    base_image,
    runtime_sibling,
    same_libc,
    slim_sibling,
    without_toolchain,
)


@pytest.mark.parametrize(
    ("reference", "slim"),
    [
        ("debian:bookworm", "debian:bookworm-slim"),
        ("debian:12.4", "debian:12.4-slim"),
        ("debian:bookworm-20240110", "debian:bookworm-20240110-slim"),
        ("debian:wheezy", "debian:wheezy-slim"),
        ("debian:stable", "debian:stable-slim"),
        ("debian:sid", "debian:sid-slim"),
        ("debian", "debian:stable-slim"),
        ("debian:8.2", None),
        ("debian:squeeze", None),
        ("debian:jessie-20160101", None),
        ("debian:bookworm-backports", None),
        ("debian:bookworm-slim", None),
        ("python:3.11", "python:3.11-slim"),
        ("python:3.11.4", "python:3.11.4-slim"),
        ("python:3.11-bookworm", "python:3.11-slim-bookworm"),
        ("python:bookworm", "python:slim-bookworm"),
        ("python:3", "python:3-slim"),
        ("python", "python:slim"),
        ("python:2.7", "python:2.7-slim"),
        ("python:3.4", "python:3.4-slim"),
        ("python:3.11-alpine", None),
        ("python:3.11-slim", None),
        ("python:3.99", None),
        ("docker.io/library/python:3.11", "docker.io/library/python:3.11-slim"),
        ("python:3.11@sha256:aa", None),
        ("node:20", "node:20-slim"),
        ("node:20-bookworm", "node:20-bookworm-slim"),
        ("node:20.11.1-bookworm", "node:20.11.1-bookworm-slim"),
        ("node:latest", "node:slim"),
        ("node:8", "node:8-slim"),
        ("ruby:2.3", "ruby:2.3-slim"),
        ("perl:5.36", "perl:5.36-slim"),
        ("openjdk:11", "openjdk:11-slim"),
        ("openjdk:8-jdk", "openjdk:8-jdk-slim"),
        ("openjdk:8u181-jdk", "openjdk:8u181-jdk-slim"),
        ("openjdk:8u111-jdk", None),
        ("openjdk:11-jdk-bullseye", "openjdk:11-jdk-slim-bullseye"),
        ("openjdk:17", None),  # Oracle Linux; 17-slim is Debian
        ("php:8.2", None),
        ("rust:1.70", None),
        ("ubuntu:22.04", None),
        ("centos:7", None),
        ("someone/python:3.11", None),
        ("arm64v8/debian:bookworm", "arm64v8/debian:bookworm-slim"),
        ("stackbrew/debian:testing", None),
        ("tianon/debian:wheezy", None),
    ],
)
def test_slim_siblings(reference: str, slim: str | None) -> None:
    assert slim_sibling(base_image(reference)) == slim


@pytest.mark.parametrize(
    ("reference", "builder", "final"),
    [
        ("golang:1.21-bookworm", "golang:1.21-bookworm", "debian:bookworm-slim"),
        ("golang:1.19-alpine3.17", "golang:1.19-alpine3.17", "alpine:3.17"),
        ("golang:1.19-alpine", "golang:1.19-alpine", "alpine:3.18"),
        ("golang:1.21", "golang:1.21", "debian:bookworm-slim"),
        ("golang:1.27", "golang:1.27-trixie", "debian:trixie-slim"),
        ("golang", "golang:trixie", "debian:trixie-slim"),
        ("golang:1", "golang:1-trixie", "debian:trixie-slim"),
        ("golang:alpine", "golang:alpine3.24", "alpine:3.24"),
        ("rust:1", "rust:1-trixie", "debian:trixie-slim"),
        ("rust:1.70", "rust:1.70", "debian:bullseye-slim"),
        ("rust:1.70-slim-bookworm", "rust:1.70-slim-bookworm", "debian:bookworm-slim"),
        ("haskell:9-bullseye", "haskell:9-bullseye", "debian:bullseye-slim"),
        ("gcc:12", "gcc:12", "debian:bookworm-slim"),
        ("swift:5.9", "swift:5.9", "swift:5.9-slim"),
        ("nvidia/cuda:12.2.0-devel-ubuntu22.04",) * 2 + ("nvidia/cuda:12.2.0-runtime-ubuntu22.04",),
        ("buildpack-deps:jammy", "buildpack-deps:jammy", "ubuntu:22.04"),
        ("node:20", "node:20", "debian:bookworm-slim"),
        ("node", "node:trixie", "debian:trixie-slim"),
        ("node:20-alpine3.18", "node:20-alpine3.18", "alpine:3.18"),
        ("python:2.7", "python:2.7", "debian:buster-slim"),
        ("php:7.4-cli", "php:7.4-cli", "debian:bullseye-slim"),
        ("ruby:3.2-bookworm", "ruby:3.2-bookworm", "debian:bookworm-slim"),
        ("openjdk:8-jdk-alpine", "openjdk:8-jdk-alpine", "alpine:3.9"),
        ("arm64v8/golang:1.21-bookworm", "arm64v8/golang:1.21-bookworm", "arm64v8/debian:bookworm-slim"),
        ("mcr.microsoft.com/dotnet/sdk:6.0", "mcr.microsoft.com/dotnet/sdk:6.0", "debian:bullseye-slim"),
    ],
)
def test_plain_systems(reference: str, builder: str, final: str) -> None:
    choice = without_toolchain(base_image(reference))
    assert choice is not None
    assert (choice.builder, choice.final, choice.other_distribution) == (builder, final, False)


def test_a_point_release_may_be_on_an_older_release() -> None:
    choice = without_toolchain(base_image("golang:1.19.3"))
    assert choice is not None
    assert (choice.builder, choice.final) == ("golang:1.19.3", "debian:bookworm-slim")
    assert choice.other_distribution
    assert "older" in choice.note


@pytest.mark.parametrize(
    "reference",
    [
        "golang:1.21@sha256:aa",
        "golang:1.20-nanoserver",
        "golang:9.9",
        "gcc:13",  # its libstdc++ is newer than bookworm's
        "gcc",
        "debian:12",
        "nginx",
        "php:8.2-apache",
        "openjdk:17",
        "someone/golang",
        "node:$VERSION",
    ],
)
def test_no_plain_system(reference: str) -> None:
    assert without_toolchain(base_image(reference)) is None


@pytest.mark.parametrize(
    ("reference", "final", "other"),
    [
        ("openjdk:8-jdk", "openjdk:8-jre-slim", False),
        ("openjdk:8", "openjdk:8-jre-slim", False),
        ("openjdk:11", "openjdk:11-jre-slim", False),
        ("openjdk:11-jdk-slim", "openjdk:11-jre-slim", False),
        ("openjdk:11-jdk-bullseye", "openjdk:11-jre-slim-bullseye", False),
        ("openjdk:8-jdk-alpine", "openjdk:8-jre-alpine", False),
        ("openjdk:8-alpine", "openjdk:8-jre-alpine", False),
        ("openjdk:8u121-jdk-alpine", "openjdk:8u121-jre-alpine", False),
        ("openjdk:8u212-jdk-alpine3.9", "openjdk:8u212-jre-alpine3.9", False),
        ("openjdk:8u212-b04-jdk-stretch", "openjdk:8u212-b04-jre-slim-stretch", False),
        ("openjdk:8u181", "openjdk:8u181-jre-slim", False),
        ("openjdk:8u111-jdk", "openjdk:8u111-jre", False),
        ("openjdk:7u151-jdk-alpine", "openjdk:7u151-jre-alpine", False),
        ("java:openjdk-8u91-jdk", "java:openjdk-8u91-jre", False),
        ("openjdk:17", "eclipse-temurin:17-jre", True),
        ("openjdk:17-jdk-slim", "eclipse-temurin:17-jre", True),
        ("java:8", "java:8-jre", False),
        ("java:8-jdk", "java:8-jre", False),
        ("java:openjdk-8-jdk", "java:openjdk-8-jre", False),
        ("eclipse-temurin:17", "eclipse-temurin:17-jre", False),
        ("eclipse-temurin:17-jdk", "eclipse-temurin:17-jre", False),
        ("eclipse-temurin:17-jdk-alpine", "eclipse-temurin:17-jre-alpine", False),
        ("eclipse-temurin:17-jdk-jammy", "eclipse-temurin:17-jre-jammy", False),
        ("eclipse-temurin:17.0.9_9-jdk-jammy", "eclipse-temurin:17.0.9_9-jre-jammy", False),
        ("adoptopenjdk:11-jdk-hotspot", "adoptopenjdk:11-jre-hotspot", False),
        ("amazoncorretto:17-al2023", "amazoncorretto:17-al2023-headless", False),
        ("maven:3-eclipse-temurin-17", "eclipse-temurin:17-jre", False),
        ("maven:3.9-eclipse-temurin-17-alpine", "eclipse-temurin:17-jre-alpine", False),
        ("maven:3.6-jdk-11", "openjdk:11-jre-slim", False),
        ("maven:3-jdk-8-alpine", "openjdk:8-jre-alpine", False),
        ("maven:3.8-openjdk-17", "eclipse-temurin:17-jre", True),
        ("gradle:7-jdk11", "eclipse-temurin:11-jre", True),
        ("gradle:7-jdk11-alpine", "eclipse-temurin:11-jre-alpine", False),
        ("hseeberger/scala-sbt:8u222_1.3.5_2.13.1", "openjdk:8-jre-slim", False),
        ("microsoft/dotnet:2.1-sdk", "microsoft/dotnet:2.1-aspnetcore-runtime", False),
        ("microsoft/dotnet:2.1.300-sdk", "microsoft/dotnet:2.1-aspnetcore-runtime", False),
        ("microsoft/dotnet:2.0-sdk", "microsoft/aspnetcore:2.0", False),
        ("microsoft/aspnetcore-build:2.0", "microsoft/aspnetcore:2.0", False),
        ("mcr.microsoft.com/dotnet/sdk:6.0-alpine", "mcr.microsoft.com/dotnet/aspnet:6.0-alpine", False),
        ("mcr.microsoft.com/dotnet/core/sdk:3.1", "mcr.microsoft.com/dotnet/core/aspnet:3.1", False),
        ("mcr.microsoft.com/dotnet/sdk:6.0.100", "mcr.microsoft.com/dotnet/aspnet:6.0", False),
        (
            "nvidia/cuda:10.0-cudnn7-devel-ubuntu18.04",
            "nvidia/cuda:10.0-cudnn7-runtime-ubuntu18.04",
            False,
        ),
        ("swift:5.9-jammy", "swift:5.9-jammy-slim", False),
    ],
)
def test_run_times(reference: str, final: str, other: bool) -> None:
    choice = runtime_sibling(base_image(reference))
    assert choice is not None
    assert (choice.builder, choice.final, choice.other_distribution) == (reference, final, other)
    assert choice.note


@pytest.mark.parametrize(
    "reference",
    [
        "openjdk:11-jre-slim",
        "openjdk:15",  # no JRE, and Temurin has none of it
        "eclipse-temurin:17-jre",
        "eclipse-temurin:17-nanoserver",
        "maven:3.9",  # the JDK is not in the tag
        "maven:3-amazoncorretto-17",
        "gradle:7-jdk17-graal",
        "gradle",
        "openjdk:8@sha256:aa",
        "nvidia/cuda:11.8.0-runtime-ubuntu22.04",
        "mcr.microsoft.com/dotnet/aspnet:6.0",
        "python:3.11",
        "debian",
    ],
)
def test_no_run_time(reference: str) -> None:
    assert runtime_sibling(base_image(reference)) is None


@pytest.mark.parametrize(
    ("web", "final"),
    [
        (None, "mcr.microsoft.com/dotnet/aspnet:6.0"),
        (True, "mcr.microsoft.com/dotnet/aspnet:6.0"),
        (False, "mcr.microsoft.com/dotnet/runtime:6.0"),
    ],
)
def test_dotnet_programs_without_web_need_less(web: bool | None, final: str) -> None:
    choice = runtime_sibling(base_image("mcr.microsoft.com/dotnet/sdk:6.0"), web)
    assert choice is not None
    assert choice.final == final


def test_another_distribution_is_named_in_the_note() -> None:
    choice = runtime_sibling(base_image("openjdk:17"))
    assert choice is not None
    assert "ubuntu instead of rpm" in choice.note


_REPOSITORIES = ["debian", "python", "node", "golang", "rust", "openjdk", "maven", "gradle", "php", "swift"]
_PARTS = ["1", "3.11", "8", "17", "1.21.3", "slim", "alpine", "alpine3.18", "bookworm", "jdk", "jre", "fpm"]


@given(st.sampled_from(_REPOSITORIES), st.lists(st.sampled_from(_PARTS), max_size=4))
def test_siblings_keep_the_c_library_and_settle(repository: str, parts: list[str]) -> None:
    image = base_image(f"{repository}:{'-'.join(parts)}" if parts else repository)
    slim = slim_sibling(image)
    if slim is not None:
        assert slim_sibling(base_image(slim)) is None
        assert same_libc(image, base_image(slim))
    plain = without_toolchain(image)
    if plain is not None:
        assert same_libc(image, base_image(plain.final))
        assert base_image(plain.builder).repository == image.repository
    runtime = runtime_sibling(image)
    if runtime is not None and not runtime.other_distribution:
        assert same_libc(image, base_image(runtime.final))
        assert runtime_sibling(base_image(runtime.final)) is None


@pytest.mark.parametrize(
    "tag", ["cuda:10.0-base-ubuntu18.04", "cuda:11.8.0-runtime-ubuntu22.04", "cuda:8.0", "cuda"]
)
def test_no_plain_system_has_what_programs_of_cuda_load(tag: str) -> None:
    assert without_toolchain(base_image(f"nvidia/{tag}")) is None


def test_no_plain_system_has_what_programs_of_swift_load() -> None:
    assert without_toolchain(base_image("swift:5.9-slim")) is None
