"""Books of the system: what no program is asked for, however it changes."""

from __future__ import annotations

import pytest

from converter.knowledge.books import is_book, package_databases


@pytest.mark.parametrize(
    "path",
    [
        "/var/lib/dpkg/status",
        "/var/cache/apt/x.deb",
        "/tmp",
        "/tmp/x",
        "/etc/passwd-",
        "/etc/ld.so.cache",
        "/etc/hosts",
    ],
)
def test_books(path: str) -> None:
    assert is_book(path)


@pytest.mark.parametrize(
    "path", ["/var/lib/app", "/tmpl/x", "/etc/passwd.d/x", "/etc/app.conf", "/runner/bin/x"]
)
def test_other_files(path: str) -> None:
    assert not is_book(path)


def test_databases_are_books_themselves() -> None:
    assert all(map(is_book, package_databases()))
