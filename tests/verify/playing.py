"""A program that plays docker, first on PATH; nothing here needs an engine."""

from __future__ import annotations

import hashlib
import io
import json
import os
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).with_name("fake_docker.py")


@dataclass
class FakeDocker:
    """The stand-in: where it keeps its state, and how it is told what to do."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch

    def fails(self, fault: str) -> None:
        """Fail or hang: see fake_docker.py."""
        self.monkeypatch.setenv("FAKE_FAULT", fault)

    def replies(self, **replies: dict[str, Any]) -> None:
        """What the container of each role does."""
        self.monkeypatch.setenv("FAKE_REPLIES", json.dumps(replies))

    @property
    def calls(self) -> list[list[str]]:
        """Every command that was given, in order."""
        path = self.folder / "calls"
        return [json.loads(row) for row in path.read_text().splitlines()] if path.exists() else []

    @property
    def left(self) -> list[str]:
        """Images and containers that are there."""
        return sorted(
            path.name for kind in ("images", "containers") for path in (self.folder / kind).glob("*")
        )


def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeDocker:
    """The stand-in, in a PATH that has no other docker."""
    state, programs = tmp_path / "state", tmp_path / "programs"
    state.mkdir()
    programs.mkdir()
    program = programs / "docker"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S -E "{SCRIPT}" "$@"\n')
    program.chmod(0o755)
    archive = tmp_path / "image.tar"
    archive.write_bytes(an_archive())
    for name in (
        "DOCKER_HOST",
        "DOCKER_BUILDKIT",
        "DOCKER_CONTEXT",
        "CONTAINER_HOST",
        "FAKE_FAULT",
        "FAKE_REPLIES",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}/usr/bin{os.pathsep}/bin")
    monkeypatch.setenv("FAKE_STATE", str(state))
    monkeypatch.setenv("FAKE_ARCHIVE", str(archive))
    return FakeDocker(state, monkeypatch)


def an_archive() -> bytes:
    """What `docker save` writes of an image with one file."""
    layer = packed({"etc/": None, "etc/built": b"yes\n"})
    digest = hashlib.sha256(layer).hexdigest()
    config = json.dumps(
        {"architecture": "amd64", "os": "linux", "config": {"Cmd": ["serve"]},
         "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]}}
    ).encode()  # fmt: skip
    name = hashlib.sha256(config).hexdigest() + ".json"
    manifest = json.dumps([{"Config": name, "RepoTags": ["x:1"], "Layers": [f"{digest}/layer.tar"]}]).encode()
    return packed({f"{digest}/layer.tar": layer, name: config, "manifest.json": manifest})


def packed(files: dict[str, bytes | None]) -> bytes:
    """A tar archive; None is a folder."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name.rstrip("/"))
            member.mode = 0o755
            if content is None:
                member.type = tarfile.DIRTYPE
            else:
                member.size = len(content)
            archive.addfile(member, io.BytesIO(content or b""))
    return target.getvalue()
