"""Real Dockerfiles for tests: read from the shared data beside the repository, never stored in it."""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

FULL = os.environ.get("MULTISTAGE_FULL") == "1"
STEP = 1 if FULL else 20


def shared() -> Path:
    """The folder of shared data; the test is skipped where it is absent."""
    beside = Path(__file__).resolve().parents[2].parent / "shared"
    folder = Path(os.environ.get("MULTISTAGE_SHARED", beside))
    if not folder.is_dir():
        pytest.skip("the shared data is not here: set MULTISTAGE_SHARED to its folder")
    return folder


def files(step: int = STEP) -> Iterator[tuple[str, str]]:
    """Every `step`-th file of the corpus, as (name, text); bytes that are no UTF-8 are read as Latin-1."""
    folder = shared() / "data" / "corpus"
    unpacked = folder / "files"
    if unpacked.is_dir():
        for path in sorted(unpacked.iterdir())[::step]:
            yield path.name, _decoded(path.read_bytes())
        return
    import zstandard

    with open(folder / "files.tar.zst", "rb") as packed:
        data = zstandard.ZstdDecompressor().stream_reader(packed).read()
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        members = sorted(
            (m for m in archive.getmembers() if m.name.endswith("Dockerfile")), key=lambda m: m.name
        )
        for member in members[::step]:
            content = archive.extractfile(member)
            assert content is not None
            yield member.name, _decoded(content.read())


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
