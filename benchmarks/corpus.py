"""Real Dockerfiles to measure with, from the shared data beside the repository."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

import zstandard


def default_folder() -> Path:
    """Where the corpus lies unless the command line says otherwise."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    return Path(os.environ.get("MULTISTAGE_SHARED") or beside) / "data" / "corpus"


def texts(folder: Path, count: int) -> list[str]:
    """About `count` files, evenly spread over the corpus; raises FileNotFoundError where there is none."""
    everything = list(_all(folder))
    step = max(1, len(everything) // count) if count else 1
    return everything[::step]


def _all(folder: Path) -> Iterator[str]:
    """Every file that is UTF-8: of `files/`, of the folder itself, or of the packed corpus."""
    packed = folder / "files.tar.zst"
    loose = folder / "files" if (folder / "files").is_dir() else folder
    if packed.exists() and loose == folder:
        with (
            packed.open("rb") as stream,
            zstandard.ZstdDecompressor().stream_reader(stream) as data,
            tarfile.open(fileobj=data, mode="r|") as archive,
        ):
            for member in archive:
                content = archive.extractfile(member)
                if content is not None and member.name.endswith("Dockerfile"):
                    yield from _decoded(content.read())
        return
    for path in sorted(loose.glob("**/*Dockerfile")):
        yield from _decoded(path.read_bytes())


def _decoded(data: bytes) -> Iterator[str]:
    try:
        yield data.decode()
    except UnicodeDecodeError:
        return
