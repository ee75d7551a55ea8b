"""The samples as data: which there are, and what is promised of each."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "samples"


@dataclass(frozen=True)
class Sample:
    """One folder of samples/: a Dockerfile, its context, and what is expected of its conversion."""

    folder: Path

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    @property
    def dockerfile(self) -> Path:
        """The original."""
        return self.folder / "Dockerfile"

    @property
    def context(self) -> Path:
        """The build context; the Dockerfile lies beside it, not in it."""
        return self.folder / "context"

    @property
    def golden(self) -> Path:
        """The reviewed conversion; it exists for samples that are converted."""
        return self.folder / "expected.Dockerfile"

    @property
    def checks(self) -> Path:
        """What is run in both images; it exists for samples that can be built without a registry."""
        return self.folder / "checks.toml"

    @cached_property
    def expected(self) -> dict[str, Any]:
        """`outcome` and, unless converted, the `code` that is its reason."""
        path = self.folder / "expected.toml"
        return tomllib.loads(path.read_text()) if path.exists() else {"outcome": "converted", "code": None}

    @property
    def arguments(self) -> list[str]:
        """DOCKERFILE and options for the command line."""
        return [str(self.dockerfile), "--context", str(self.context)]


def all_samples() -> list[Sample]:
    """Every sample, by name."""
    return [Sample(path.parent) for path in sorted(FOLDER.glob("*/Dockerfile"))]


def converted_samples() -> list[Sample]:
    """Those whose conversion is expected to be made."""
    return [sample for sample in all_samples() if sample.expected["outcome"] == "converted"]


def buildable_samples() -> list[Sample]:
    """Those that are converted and can be built with nothing but the images and hosts of the lab."""
    return [sample for sample in converted_samples() if sample.checks.exists()]
