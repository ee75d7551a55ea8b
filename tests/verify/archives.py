"""Writes tiny image archives: layers of files, links and whiteouts, in the forms that engines write."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import zstandard

CAPABILITY = "SCHILY.xattr.security.capability"


@dataclass(frozen=True)
class File:
    content: bytes = b""
    mode: int = 0o644
    uid: int = 0
    gid: int = 0
    capabilities: str = ""


@dataclass(frozen=True)
class Directory:
    mode: int = 0o755
    uid: int = 0
    gid: int = 0


@dataclass(frozen=True)
class Link:
    target: str


@dataclass(frozen=True)
class HardLink:
    target: str


@dataclass(frozen=True)
class Device:
    mode: int = 0o666


Node: TypeAlias = "File | Directory | Link | HardLink | Device"
Files: TypeAlias = Mapping[str, Node]


@dataclass(frozen=True)
class Described:
    """An image to write: layers from the lowest to the topmost, and its `config` as engines spell it."""

    layers: Sequence[Files]
    config: Mapping[str, Any] = field(default_factory=dict)


def layer(files: Files) -> bytes:
    """A layer's tar."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path, node in files.items():
            add(archive, path, node)
    return buffer.getvalue()


def add(archive: tarfile.TarFile, path: str, node: Node) -> None:
    info = tarfile.TarInfo(path.lstrip("/"))
    content = b""
    match node:
        case File(content=content, mode=mode, uid=uid, gid=gid, capabilities=capabilities):
            info.mode, info.uid, info.gid, info.size = mode, uid, gid, len(content)
            if capabilities:
                info.pax_headers = {CAPABILITY: capabilities}
        case Directory(mode=mode, uid=uid, gid=gid):
            info.type, info.mode, info.uid, info.gid = tarfile.DIRTYPE, mode, uid, gid
        case Link(target=target):
            info.type, info.linkname, info.mode = tarfile.SYMTYPE, target, 0o777
        case HardLink(target=target):
            info.type, info.linkname = tarfile.LNKTYPE, target.lstrip("/")
        case Device(mode=mode):
            info.type, info.mode = tarfile.CHRTYPE, mode
    archive.addfile(info, io.BytesIO(content))


def archive_of(members: Iterable[tuple[str, bytes]]) -> bytes:
    """A tar of plain members in this order."""
    return layer({name: File(content) for name, content in members})


def configuration(image: Described) -> bytes:
    document = {"architecture": "amd64", "os": "linux", "config": dict(image.config)}
    return json.dumps(document).encode()


def docker_archive(image: Described, manifest_first: bool = False) -> bytes:
    """As `docker save` of 20.10 writes it: layers first, the manifest last."""
    config = configuration(image)
    name = hashlib.sha256(config).hexdigest() + ".json"
    layers = [(f"{index:064x}/layer.tar", layer(files)) for index, files in enumerate(image.layers)]
    manifest = [{"Config": name, "RepoTags": None, "Layers": [path for path, _ in layers]}]
    last = ("manifest.json", json.dumps(manifest).encode())
    members = [(name, config), *reversed(layers)]
    return archive_of([last, *members] if manifest_first else [*members, last])


def oci_archive(image: Described, compression: str = "gzip") -> bytes:
    """An OCI layout: blobs by digest, an index with an attestation before the image."""
    packers = {
        "gzip": gzip.compress,
        "zstd": lambda content: zstandard.ZstdCompressor().compress(content),
        "plain": bytes,
    }
    blobs: list[tuple[str, bytes]] = []

    def blob(content: bytes) -> dict[str, Any]:
        digest = hashlib.sha256(content).hexdigest()
        blobs.append((f"blobs/sha256/{digest}", content))
        return {"digest": f"sha256:{digest}", "size": len(content)}

    layers = [blob(packers[compression](layer(files))) for files in image.layers]
    manifest = blob(json.dumps({"config": blob(configuration(image)), "layers": layers}).encode())
    attestation = blob(b'{"layers": [], "config": {}}')
    inner = blob(
        json.dumps(
            {
                "manifests": [
                    {**attestation, "platform": {"os": "unknown"}},
                    {**manifest, "platform": {"os": "linux"}},
                ]
            }
        ).encode()
    )
    members = [*blobs, ("index.json", json.dumps({"manifests": [inner]}).encode()), ("oci-layout", b"{}")]
    return archive_of(members)
