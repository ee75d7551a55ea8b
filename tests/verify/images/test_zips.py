"""Zip archives by what is in them; a stranger's archive may be broken or claim too much."""

from __future__ import annotations

import io
import zipfile

import pytest

from converter.verify.images import zips


def archive(**members: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as written:
        for name, content in members.items():
            written.writestr(name, content)
    return target.getvalue()


GOOD = archive(a="x", b="y")
END = GOOD.rindex(b"PK\x05\x06")


def members(content: bytes) -> bytes:
    return zips.members(io.BytesIO(content))


def test_members_count_not_their_order() -> None:
    assert members(GOOD) == members(archive(b="y", a="x")) != members(archive(a="x", b="z"))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04",
        GOOD[:END],
        GOOD[: END + 12] + (1 << 31).to_bytes(4, "little") + GOOD[END + 16 :],
        GOOD[:END] + b"PK\x06\x07" + bytes(16) + GOOD[END:],
        GOOD[:END].replace(b"PK\x01\x02", b"PK\x01\x03") + GOOD[END:],
    ],
    ids=["empty", "beginning", "no end", "a long list", "a large one", "a broken list"],
)
def test_what_cannot_be_read_has_none(content: bytes) -> None:
    assert members(content) == b""
