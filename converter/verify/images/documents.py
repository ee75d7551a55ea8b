"""The JSON documents of an archive: which layers make the image, and its configuration.

`docker save` and `podman save` write `manifest.json`; an OCI archive has `index.json`, and recent engines write
both. Formats: github.com/moby/moby (image/spec) and github.com/opencontainers/image-spec.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from converter.verify.errors import VerifyError, broken_archive
from converter.verify.images.model import Configuration, Healthcheck

_INDEXES = 4
"""How deep an index may name other indexes; engines write two."""


class Manifest(Struct, frozen=True):
    """Names of members: the image's configuration, and its layers from the lowest to the topmost."""

    configuration: str
    layers: tuple[str, ...]


def find_manifest(documents: Mapping[str, bytes]) -> Manifest:
    """The archive's one image, or its first. Raises VerifyError where there is none."""
    if "manifest.json" in documents:
        found = _list(parse(documents["manifest.json"], "manifest.json"))
        if not found:
            raise broken_archive("it holds no image")
        table = _table(found[0])
        return Manifest(_name(table.get("Config")), tuple(_name(name) for name in _list(table.get("Layers"))))
    if "index.json" in documents:
        return _of_index(documents, _table(parse(documents["index.json"], "index.json")), _INDEXES)
    raise broken_archive("it has no manifest.json and no index.json")


def _of_index(documents: Mapping[str, bytes], index: Mapping[str, Any], depth: int) -> Manifest:
    for item in _list(index.get("manifests")):
        table = _table(item)
        if _table(table.get("platform")).get("os") == "unknown":
            continue  # an attestation, not an image
        name = _blob(table)
        if name not in documents:
            continue  # an index may name other platforms' images that were not saved
        document = _table(parse(documents[name], name))
        if "manifests" in document:
            if depth:
                return _of_index(documents, document, depth - 1)
        elif "layers" in document:
            layers = tuple(_blob(_table(layer)) for layer in _list(document["layers"]))
            return Manifest(_blob(_table(document.get("config"))), layers)
    raise broken_archive("it holds no image")


def configuration_of(document: bytes) -> Configuration:
    """The configuration of an image's JSON document. Raises VerifyError where it is none."""
    whole = _table(parse(document, "the configuration"))
    table = _table(whole.get("config"))
    env = (item.partition("=") for item in _texts(table.get("Env")))
    return Configuration(
        cmd=_texts(table.get("Cmd")),
        entrypoint=_texts(table.get("Entrypoint")),
        user=_text(table.get("User")),
        working_dir=_text(table.get("WorkingDir")),
        exposed_ports=tuple(sorted(_table(table.get("ExposedPorts")))),
        volumes=tuple(sorted(_table(table.get("Volumes")))),
        healthcheck=_healthcheck(table.get("Healthcheck")),
        stop_signal=_text(table.get("StopSignal")),
        on_build=_texts(table.get("OnBuild")),
        shell=_texts(table.get("Shell")),
        env={name: value for name, _, value in env},
        labels={key: _text(value) for key, value in _table(table.get("Labels")).items()},
        architecture=_text(whole.get("architecture")),
        os=_text(whole.get("os")),
    )


class History(Struct, frozen=True):
    """One instruction that an image was made by, in the builder's words; `empty` ones have no layer."""

    created_by: str
    empty: bool


def history_of(document: bytes) -> tuple[History, ...]:
    """What an image was made by, the oldest first; nothing where the builder does not say."""
    entries = _list(_table(parse(document, "the configuration")).get("history"))
    return tuple(
        History(_text(_table(entry).get("created_by")), bool(_table(entry).get("empty_layer")))
        for entry in entries
    )


def _healthcheck(value: Any) -> Healthcheck | None:
    table = _table(value)
    if not table.get("Test"):
        return None
    keys = ("Interval", "Timeout", "StartPeriod", "StartInterval", "Retries")
    numbers = [number if isinstance(number := table.get(key), int) else 0 for key in keys]
    return Healthcheck(_texts(table["Test"]), *numbers)


def parse(document: bytes, name: str) -> Any:
    """The JSON value; VerifyError if it is none."""
    try:
        return json.loads(document)
    except (ValueError, RecursionError):
        raise broken_archive(f"{name} is not JSON") from None


def _blob(descriptor: Mapping[str, Any]) -> str:
    algorithm, _, digest = _text(descriptor.get("digest")).partition(":")
    return f"blobs/{algorithm}/{digest}"


def _name(value: Any) -> str:
    return posixpath.normpath(_text(value))


def _wrong() -> VerifyError:
    return broken_archive("a JSON document has an unexpected form")


def _table(value: Any) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _wrong()
    return value


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise _wrong()
    return value


def _text(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _wrong()
    return value.encode("utf-8", "backslashreplace").decode("utf-8")


def _texts(value: Any) -> tuple[str, ...]:
    return (_text(value),) if isinstance(value, str) else tuple(_text(item) for item in _list(value))
