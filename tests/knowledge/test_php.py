"""The packages of PHP extensions."""

from __future__ import annotations

import re

import pytest

from converter.knowledge.packages import PackageKind, kind
from converter.knowledge.php import extension_packages, known_extensions


@pytest.mark.parametrize(
    ("extension", "family", "runtime", "build"),
    [
        ("intl", "debian", "^libicu[0-9]+$", "libicu-dev"),
        ("intl", "alpine", "icu-libs", "icu-dev"),
        ("gd", "alpine", "libpng", "libpng-dev"),
        ("GD", "debian", "libjpeg62-turbo", "libjpeg62-turbo-dev"),
        ("imagick-3.7.0", "debian", "^libmagickwand-6.q16-[0-9]+$", "libmagickwand-dev"),
    ],
)
def test_extension(extension: str, family: str, runtime: str, build: str) -> None:
    found = extension_packages(extension, family)
    assert found is not None
    assert runtime in found.runtime
    assert build in found.build


@pytest.mark.parametrize(
    ("extension", "family"), [("gd", "rpm"), ("no-such-extension", "debian"), ("", "debian")]
)
def test_unknown(extension: str, family: str) -> None:
    assert extension_packages(extension, family) is None


def test_an_extension_that_needs_nothing_at_run_time() -> None:
    found = extension_packages("soap", "debian")
    assert found is not None
    assert found.runtime == ()


@pytest.mark.parametrize(("family", "manager"), [("debian", "apt"), ("alpine", "apk")])
def test_table(family: str, manager: str) -> None:
    names = known_extensions(family)
    assert len(names) > 70
    assert list(names) == sorted(set(names))
    for name in names:
        found = extension_packages(name, family)
        assert found is not None
        for package in found.runtime:
            if package.startswith("^"):
                assert package.endswith("$")
                re.compile(package)
            else:
                assert kind(manager, package) is not PackageKind.DEVELOPMENT
