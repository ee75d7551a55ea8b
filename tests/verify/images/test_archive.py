from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from typing import BinaryIO, cast

import pytest

from converter.verify.errors import VerifyError
from converter.verify.images.archive import read_image
from converter.verify.images.model import Elf, Healthcheck, Image, Kind, Script, Text
from tests.verify.archives import (
    Described,
    Device,
    Directory,
    File,
    Files,
    HardLink,
    Link,
    archive_of,
    docker_archive,
    layer,
    oci_archive,
)
from tests.verify.elf_files import elf

FORMATS: dict[str, Callable[[Described], bytes]] = {
    "docker": docker_archive,
    "docker, manifest first": lambda image: docker_archive(image, manifest_first=True),
    "oci gzip": oci_archive,
    "oci zstd": lambda image: oci_archive(image, "zstd"),
    "oci plain": lambda image: oci_archive(image, "plain"),
    "compressed as a whole": lambda image: gzip.compress(docker_archive(image)),
}


class Trickle(io.RawIOBase):
    """A pipe that gives a few bytes at a time."""

    def __init__(self, content: bytes) -> None:
        self._stream = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        return self._stream.read(min(4093, 4093 if size is None or size < 0 else size))


def read(content: bytes) -> Image:
    return read_image(io.BytesIO(content))


def flat(*layers: Files) -> Image:
    return read(docker_archive(Described(layers)))


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_gives_the_same_image(form: str) -> None:
    described = Described(
        [
            {
                "bin": Directory(),
                "bin/tool": File(b"old"),
                "etc/passwd": File(b"root:x:0:0:root:/root:/bin/sh\n"),
            },
            {"bin/tool": File(b"new", 0o4755, 3, 4), "bin/link": Link("tool"), "dev/null": Device()},
        ],
        {"Cmd": ["tool"], "Env": ["A=b=c", "EMPTY="]},
    )
    image = read(FORMATS[form](described))
    assert list(image.entries) == [
        "/bin",
        "/bin/link",
        "/bin/tool",
        "/dev",
        "/dev/null",
        "/etc",
        "/etc/passwd",
    ]
    tool = image.entries["/bin/tool"]
    assert (tool.mode, tool.uid, tool.gid, tool.size) == (0o4755, 3, 4, 3)
    assert tool.sha256.hex().startswith("11507a0e2f5e69d5")
    assert image.entries["/bin/link"].target == "tool"
    assert image.entries["/dev/null"].kind is Kind.CHARACTER_DEVICE
    assert image.entries["/etc/passwd"].content == Text("root:x:0:0:root:/root:/bin/sh\n")
    assert image.configuration.cmd == ("tool",)
    assert image.configuration.env == {"A": "b=c", "EMPTY": ""}
    assert (image.layers, image.unpacked) == (2, 33)


def test_a_pipe_may_give_few_bytes_at_a_time() -> None:
    content = docker_archive(Described([{"a": File(b"x" * 9000)}]))
    image = read_image(cast(BinaryIO, Trickle(content)))
    assert image.entries["/a"].size == 9000


def test_the_configuration_is_read() -> None:
    image = read(
        docker_archive(
            Described(
                [{}],
                {
                    "User": "app:staff",
                    "WorkingDir": "/app",
                    "Entrypoint": ["/e"],
                    "ExposedPorts": {"80/tcp": {}, "53/udp": {}},
                    "Volumes": {"/data": {}},
                    "Healthcheck": {"Test": ["CMD", "ok"], "Interval": 5, "Retries": 2},
                    "StopSignal": "SIGINT",
                    "OnBuild": ["RUN x"],
                    "Shell": ["/bin/bash", "-c"],
                    "Labels": {"a": "b"},
                },
            )
        )
    ).configuration
    assert (image.user, image.working_dir, image.entrypoint) == ("app:staff", "/app", ("/e",))
    assert (image.exposed_ports, image.volumes) == (("53/udp", "80/tcp"), ("/data",))
    assert image.healthcheck == Healthcheck(("CMD", "ok"), interval=5, retries=2)
    assert (image.stop_signal, image.on_build, image.shell) == ("SIGINT", ("RUN x",), ("/bin/bash", "-c"))
    assert (image.labels, image.architecture, image.os) == ({"a": "b"}, "amd64", "linux")


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        pytest.param(
            [{"a": Directory(), "a/b": File(b"1")}, {"a/.wh.b": File()}], ["/a"], id="whiteout of a file"
        ),
        pytest.param(
            [{"a": Directory(), "a/b/c": File()}, {".wh.a": File()}], [], id="whiteout of a directory"
        ),
        pytest.param(
            [{"a/old": File()}, {"a": Directory(), "a/.wh..wh..opq": File(), "a/new": File()}],
            ["/a", "/a/new"],
            id="opaque directory",
        ),
        pytest.param(
            [{"a/old": File()}, {".wh.a": File(), "a": Directory(), "a/new": File()}],
            ["/a", "/a/new"],
            id="removed and made again in one layer",
        ),
        pytest.param(
            [{"a/b": File()}, {"a/.wh.b": File()}, {"a/b": File()}],
            ["/a", "/a/b"],
            id="removed, then made again",
        ),
        pytest.param([{"a": Directory(), "a/b": File()}, {"a": File()}], ["/a"], id="file over directory"),
        pytest.param(
            [{"a": File()}, {"a": Directory(), "a/b": File()}], ["/a", "/a/b"], id="directory over file"
        ),
        pytest.param([{"a": Directory(), "a/b": File()}, {"a": Link("c")}], ["/a"], id="link over directory"),
        pytest.param(
            [{"ab": File(), "a/b": File()}, {".wh.a": File()}], ["/ab"], id="names with one beginning"
        ),
        pytest.param([{"a": File()}, {".wh..wh.plnk": File()}], ["/a"], id="marks of old engines"),
        pytest.param([{"x/": Directory(), "./y": File(), "/z": File()}], ["/x", "/y", "/z"], id="spellings"),
    ],
)
def test_layers_are_put_on_top_of_each_other(layers: list[Files], expected: list[str]) -> None:
    assert list(flat(*layers).entries) == expected


def test_a_hard_link_has_what_its_target_has() -> None:
    image = flat(
        {"a": File(b"one", 0o755), "b": HardLink("a")},
        {"c": HardLink("a")},  # of a lower layer
    )
    assert image.entries["/b"] == image.entries["/a"] == image.entries["/c"]


def test_capabilities_are_kept() -> None:
    image = flat({"p": File(b"x", capabilities="\1\0\0\2\0\4\0\0")})
    assert image.entries["/p"].capabilities == b"\1\0\0\2\0\4\0\0"


def test_names_that_are_no_utf8_are_spelled_out() -> None:
    image = flat({"caf\udce9": File()})
    assert list(image.entries) == ["/caf\\xe9"]


def test_contents_that_are_compared_are_kept_and_others_are_not() -> None:
    image = flat(
        {
            "run.sh": File(b"#!/bin/sh -e\nexec app\n"),
            "long.sh": File(b"#!/usr/bin/env bash\n" + b"#" * 100_000),
            "notes.txt": File(b"nothing"),
            "prog": File(elf(["libc.so.6"])),
            "etc/ld.so.conf.d/x.conf": File(b"/opt/lib\n"),
        }
    )
    assert image.entries["/run.sh"].content == Script("/bin/sh -e", "#!/bin/sh -e\nexec app\n")
    assert image.entries["/long.sh"].content == Script("/usr/bin/env bash")
    assert image.entries["/notes.txt"].content is None
    assert isinstance(image.entries["/prog"].content, Elf)
    assert image.entries["/etc/ld.so.conf.d/x.conf"].content == Text("/opt/lib\n")


def test_equal_layers_are_written_once_and_linked() -> None:
    config = b'{"config": {}}'
    manifest = [{"Config": "c.json", "Layers": ["1/layer.tar", "2/layer.tar"]}]
    content = layer(
        {
            "c.json": File(config),
            "1/layer.tar": File(layer({"a": File()})),
            "2/layer.tar": Link("../1/layer.tar"),
            "manifest.json": File(json.dumps(manifest).encode()),
        }
    )
    assert list(read(content).entries) == ["/a"]


MANIFEST = b'[{"Config": "c.json", "Layers": ["l.tar"]}]'


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ([], "no manifest"),
        ([("manifest.json", b"{")], "not JSON"),
        ([("manifest.json", b"[]")], "no image"),
        ([("manifest.json", b'{"a": 1}')], "unexpected form"),
        ([("manifest.json", b"[" * 100_000)], "not JSON"),
        ([("manifest.json", MANIFEST)], "configuration is not in it"),
        ([("manifest.json", MANIFEST), ("c.json", b"{}")], "a layer"),
        ([("manifest.json", MANIFEST), ("c.json", b"{}"), ("l.tar", gzip.compress(b"no tar"))], "broken"),
        ([("manifest.json", MANIFEST), ("c.json", b"{}"), ("l.tar", b"\x28\xb5\x2f\xfdnonsense")], "broken"),
        ([("index.json", b'{"manifests": []}')], "no image"),
    ],
)
def test_what_is_no_image_is_refused(members: list[tuple[str, bytes]], reason: str) -> None:
    with pytest.raises(VerifyError, match=reason) as caught:
        read(archive_of(members))
    assert caught.value.diagnostic.code == "MS704"


@pytest.mark.parametrize("content", [b"", b"\0", b"nothing at all", b"\x1f\x8b\x08", b"x" * 5000])
def test_what_is_no_archive_is_refused(content: bytes) -> None:
    with pytest.raises(VerifyError):
        read(content)


def test_an_archive_that_is_cut_off_anywhere_is_refused() -> None:
    files = {f"d/{index}": File(bytes(700)) for index in range(5)}
    whole = docker_archive(Described([files]))
    end = whole.index(b"manifest.json")
    for length in range(1, end, 511):
        with pytest.raises(VerifyError):
            read(whole[:length])
