"""The build contexts that compose files give to Dockerfiles.

Only what stands there in so many words counts: a context with a variable or an address is left to the default.
Source: the Compose specification's `build` section.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

MAX_BYTES = 1 << 20
_NAMES = (
    "compose.yaml", "compose.yml", "compose.*.yaml", "compose.*.yml",
    "docker-compose.yaml", "docker-compose.yml", "docker-compose.*.yaml", "docker-compose.*.yml",
)  # fmt: skip


def is_compose_file(name: str) -> bool:
    """Whether a file's name is one that compose files have."""
    return any(fnmatchcase(name, shape) for shape in _NAMES)


def contexts(path: str) -> Iterator[tuple[str, str]]:
    """Each Dockerfile that a compose file builds, with its context; nothing where it is no valid compose file."""
    folder = os.path.dirname(path)
    for build in _builds(path):
        context = build if isinstance(build, str) else build.get("context", ".")
        name = "Dockerfile" if isinstance(build, str) else build.get("dockerfile", "Dockerfile")
        if isinstance(build, dict) and "dockerfile_inline" in build:
            continue
        if isinstance(context, str) and isinstance(name, str) and _is_plain(context) and _is_plain(name):
            directory = os.path.normpath(os.path.join(folder, context))
            yield os.path.normpath(os.path.join(directory, name)), directory


def _is_plain(text: str) -> bool:
    return "$" not in text and "://" not in text and not text.startswith("git@") and "\0" not in text


def _builds(path: str) -> Iterator[str | dict[Any, Any]]:
    import yaml  # only where there is a compose file

    try:
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
        found = yaml.load(data, yaml.BaseLoader) if len(data) <= MAX_BYTES else None
    except (OSError, ValueError, RecursionError, yaml.YAMLError):
        return
    services = found.get("services") if isinstance(found, dict) else None
    for service in services.values() if isinstance(services, dict) else ():
        build = service.get("build") if isinstance(service, dict) else None
        if build and isinstance(build, (str, dict)):
            yield build
