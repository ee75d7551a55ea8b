"""Escapes of `$'…'` and printf."""

from __future__ import annotations

import pytest

from converter.shell.escapes import ansi_c


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        (r"a\nb\tc", "a\nb\tc"),
        (r"\a\b\e\E\f\r\v", "\a\b\x1b\x1b\f\r\v"),
        (r"\\ \' \" \?", "\\ ' \" ?"),
        (r"\101\x41\u41\U00000041", "AAAA"),
        (r"\xe", "\x0e"),
        (r"\cA", "\x01"),
        (r"\q", r"\q"),
        (r"\UFFFFFFFF", r"\UFFFFFFFF"),
        ("a\\", "a\\"),
    ],
)
def test_values(text: str, value: str) -> None:
    assert ansi_c(text) == value
