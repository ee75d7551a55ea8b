"""Finds the engine to use."""

from __future__ import annotations

from collections.abc import Mapping

from converter.diagnostics import Severity, diagnostic
from converter.verify.engines.model import Engine
from converter.verify.engines.names import AUTO, NAMES
from converter.verify.errors import VerifyError


def engine(name: str, environment: Mapping[str, str]) -> Engine:
    """The engine of a name, or for `auto` the first that is installed and answers. Raises VerifyError."""
    if name != AUTO:
        found = named(name, environment)
        found.version()
        return found
    reasons = []
    for candidate in _order(environment):
        found = named(candidate, environment)
        try:
            found.version()
        except VerifyError as error:
            reasons.append(error.diagnostic)
        else:
            return found
    present = [reason for reason in reasons if reason.code != "MS700"]
    if present:
        raise VerifyError(present[0])
    help = ("install docker, podman or buildah",)
    raise VerifyError(diagnostic("MS700", Severity.ERROR, "no engine is installed", help=help))


def named(name: str, environment: Mapping[str, str]) -> Engine:
    """The engine of a name, unasked."""
    match name:
        case "docker":
            from converter.verify.engines.docker import Docker

            return Docker(environment)
        case "podman":
            from converter.verify.engines.podman import Podman

            return Podman(environment)
        case "buildah":
            from converter.verify.engines.buildah import Buildah

            return Buildah(environment)
        case _:
            raise ValueError(name)


def _order(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The user's own setting says which is meant; else the commonest comes first."""
    if environment.get("CONTAINER_HOST") and not environment.get("DOCKER_HOST"):
        return ("podman", "docker", "buildah")
    return NAMES
