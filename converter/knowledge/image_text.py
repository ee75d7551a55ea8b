"""Spelling of image references: the author's registry and prefix are kept."""

from __future__ import annotations

from converter.knowledge.image_model import BaseImage
from converter.knowledge.image_names import is_official


def with_tag(image: BaseImage, tag: str) -> str:
    """The author's spelling of the repository with another tag."""
    return f"{_name(image)}:{tag}"


def with_repository(image: BaseImage, repository: str, tag: str) -> str:
    """Another official image, from where the author takes this one if that is a mirror of official images."""
    head, slash, _ = _name(image).rpartition("/")
    prefix = f"{head}{slash}" if is_official(image.repository) else ""
    return f"{prefix}{repository}:{tag}"


def _name(image: BaseImage) -> str:
    head, slash, last = image.reference.partition("@")[0].rpartition("/")
    return f"{head}{slash}{last.partition(':')[0]}"
