"""Archives that somebody made to do harm: each is refused, or read in bounded time and memory."""

from __future__ import annotations

import gzip
import io
import resource
import tarfile
import time
import tracemalloc

import pytest
from msgspec.structs import replace

from converter.verify.errors import VerifyError
from converter.verify.images.archive import read_image
from converter.verify.images.limits import LIMITS, Limits
from converter.verify.images.lookup import Tree
from converter.verify.images.model import Configuration, Entry, Image, Kind
from tests.verify.archives import Described, File, HardLink, Link, docker_archive, layer

CONFIG = b'{"config": {}}'
MANIFEST = b'[{"Config": "c.json", "Layers": ["l.tar"]}]'


def around(content: bytes) -> bytes:
    """An archive whose one layer has this content."""
    files = {"c.json": File(CONFIG), "l.tar": File(content), "manifest.json": File(MANIFEST)}
    return layer(files)


def read(content: bytes, limits: Limits = LIMITS) -> Image:
    return read_image(io.BytesIO(content), limits)


@pytest.mark.parametrize("name", ["../etc/passwd", "a/../../b", "..", "a/.."])
def test_a_name_that_leaves_its_folder_is_refused(name: str) -> None:
    with pytest.raises(VerifyError, match="leaves its folder"):
        read(around(layer({name: File(b"x")})))


def test_a_hard_link_that_leaves_its_folder_is_refused() -> None:
    with pytest.raises(VerifyError, match="leaves its folder"):
        read(around(layer({"a": HardLink("../../etc/shadow")})))


def test_a_link_that_leaves_the_image_stays_in_it() -> None:
    tree = Tree(read(docker_archive(Described([{"a": Link("../../../../b"), "b": File(b"x")}]))))
    assert tree.real("/a") == "/b"


def test_links_in_circles_and_long_chains_lead_nowhere() -> None:
    files = {"a": Link("b"), "b": Link("a"), "self": Link("self/self")}
    files |= {f"c{index}": Link(f"c{index + 1}") for index in range(60)}
    tree = Tree(read(docker_archive(Described([files]))))
    assert [tree.real(path) for path in ("/a", "/self", "/c0")] == [None, None, None]


def test_links_that_double_at_each_step_cost_little() -> None:
    entries = {f"/d{i}": Entry(Kind.LINK, target=f"d{i + 1}/../d{i + 1}") for i in range(60)}
    start = time.monotonic()
    assert Tree(Image(Configuration(), entries)).real("/d0") is None
    assert time.monotonic() - start < 1


def test_a_gzip_bomb_ends_at_the_limit() -> None:
    bomb = gzip.compress(layer({"zeros": File(bytes(30 << 20))}), 9)
    assert len(bomb) < 100_000
    with pytest.raises(VerifyError, match="more than the limit"):
        read(around(bomb), replace(LIMITS, unpacked=8 << 20))


def test_more_files_than_the_limit_are_refused() -> None:
    with pytest.raises(VerifyError, match="more files"):
        read(around(layer({f"f{index}": File() for index in range(30)})), replace(LIMITS, entries=20))


def test_more_layers_than_the_limit_are_refused() -> None:
    with pytest.raises(VerifyError, match="more layers"):
        read(docker_archive(Described([{"a": File()}] * 5)), replace(LIMITS, layers=3))


def test_documents_above_the_limit_are_refused() -> None:
    files = {f"{index}.json": File(b"{" + b" " * 5000) for index in range(5)}
    with pytest.raises(VerifyError, match="documents"):
        read(layer(files), replace(LIMITS, documents=12_000))


def test_a_header_that_lies_about_its_length_costs_no_memory() -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 6 << 30
    content = info.tobuf(tarfile.USTAR_FORMAT) + bytes(4096)
    tracemalloc.start()
    with pytest.raises(VerifyError, match="impossible length"):
        read(around(content))
    assert tracemalloc.get_traced_memory()[1] < 30 << 20
    tracemalloc.stop()


def test_a_file_that_lies_about_its_length_is_refused() -> None:
    info = tarfile.TarInfo("x")
    info.size = 5 << 30
    with pytest.raises(VerifyError):
        read(around(info.tobuf(tarfile.USTAR_FORMAT) + bytes(2048)))


def test_a_negative_length_is_refused() -> None:
    info = tarfile.TarInfo("x")
    info.size = -1024
    with pytest.raises(VerifyError):
        read(around(info.tobuf(tarfile.GNU_FORMAT) + bytes(2048)))


def test_a_chain_of_long_name_headers_is_refused() -> None:
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 2
    link = info.tobuf(tarfile.GNU_FORMAT) + b"a\0" + bytes(510)
    with pytest.raises(VerifyError):
        read(around(link * 3000))


def test_a_damaged_header_in_the_middle_is_not_taken_for_the_end() -> None:
    content = bytearray(layer({"a": File(b"x"), "b": File(b"y")}))
    place = content.index(b"b\0", 1024)
    content[place + 148] ^= 0x7F  # the check sum
    with pytest.raises(VerifyError, match="damaged"):
        read(around(bytes(content)))


def many(count: int) -> bytes:
    """A layer of many empty files; written by hand, since tarfile takes its time."""
    block = bytearray(tarfile.TarInfo("x" * 20).tobuf(tarfile.USTAR_FORMAT))
    fixed = sum(block) - sum(block[:20]) - sum(block[148:156]) + 8 * 32
    blocks = []
    for index in range(count):
        name = f"d{index % 317:04}/file{index:010}".encode()
        block[:20] = name
        block[148:156] = b"%06o\0 " % (fixed + sum(name))
        blocks.append(bytes(block))
    return b"".join(blocks) + bytes(1024)


def test_a_hundred_thousand_files_fit_in_little_memory() -> None:
    content = around(many(100_000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    image = read(content)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert len(image.entries) == 100_317
    assert grown << 10 < 120 << 20


def test_texts_are_kept_up_to_the_limit_only() -> None:
    scripts = {f"s{index}": File(b"#!/bin/sh\n" + b"x" * 2000) for index in range(20)}
    image = read(docker_archive(Described([scripts])), replace(LIMITS, kept=10_000))
    kept = [entry.content for entry in image.entries.values() if getattr(entry.content, "text", "")]
    assert 0 < len(kept) <= 5
