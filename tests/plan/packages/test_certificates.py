"""Certificates that came along with packages which leave."""

from __future__ import annotations

import pytest

from tests.plan.stages import stages

MAKE = 'RUN git clone https://example.com/a /src && make -C /src install\nCMD ["a"]\n'
ADDED = "RUN apk add --no-cache ca-certificates\n"


@pytest.mark.parametrize(
    ("release", "lost"), [("3.5", True), ("3.11", True), ("3.12", False), ("edge", False)]
)
def test_apk_brought_them_with_git(release: str, lost: bool) -> None:
    """The base image itself has the file since 3.12."""
    _, final = stages(f"FROM alpine:{release}\nRUN apk add --no-cache git gcc make musl-dev\n" + MAKE)
    assert ("ca-certificates" in final) is lost


def test_what_the_author_removed_with_them_does_not_bring_them_back() -> None:
    _, final = stages(
        "FROM alpine:3.8\nRUN apk add --no-cache --virtual .build git gcc make musl-dev && "
        'git clone https://example.com/a /src && make -C /src install && apk del .build\nCMD ["a"]\n'
    )
    assert "ca-certificates" not in final


@pytest.mark.parametrize(("option", "lost"), [("", True), ("--no-install-recommends ", False)])
def test_apt_brought_them_where_it_installs_what_is_recommended(option: str, lost: bool) -> None:
    _, final = stages(
        f"FROM debian:12\nRUN apt-get update && apt-get install -y {option}git gcc make libc6-dev zip\n"
        + MAKE
    )
    assert ("ca-certificates" in final) is lost


@pytest.mark.parametrize(("tag", "lost"), [("1.12-alpine", True), ("1.13-alpine", False)])
def test_programs_of_go_find_them_on_old_releases_of_alpine(tag: str, lost: bool) -> None:
    """Go before 1.13 does not look at /etc/ssl/cert.pem, which is all that Alpine 3.11 has."""
    _, final = stages(f'FROM golang:{tag}\nCOPY . /src\nWORKDIR /src\nRUN go build -o /app\nCMD ["/app"]\n')
    assert (ADDED in final) is lost


@pytest.mark.parametrize(("library", "lost"), [("zlib1g-dev", False), ("libssl-dev", True)])
def test_a_program_of_c_needs_them_only_with_a_library_for_tls(library: str, lost: bool) -> None:
    _, final = stages(
        f"FROM debian:12\nRUN apt-get update && apt-get install -y curl gcc make {library}\n"
        "RUN cd /tmp && curl http://example.com/a.tgz | tar xz && make -C a install && rm -r a\n"
        'CMD ["a"]\n'
    )
    assert ("ca-certificates" in final) is lost


def test_a_toolbox_keeps_what_brings_them() -> None:
    _, final = stages(
        "FROM debian:12\nRUN apt-get update && apt-get install -y gcc make curl && "
        "curl http://example.com/a.tgz | tar xz -C /tmp && make -C /tmp/a install && rm -r /tmp/a && "
        'apt-get purge -y --auto-remove gcc make\nCMD ["bash"]\n'
    )
    assert "apt-get install -y curl" in final
    assert "ca-certificates" not in final
