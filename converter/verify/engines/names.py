"""The names by which engines are chosen; the command line reads them without loading an engine."""

from __future__ import annotations

AUTO = "auto"
NAMES = ("docker", "podman", "buildah")
