"""podman: the docker command line without a daemon, or a remote service that CONTAINER_HOST names."""

from __future__ import annotations

import os
import sys

from converter.verify.engines.docker_commands import DockerCommands
from converter.verify.engines.model import Recipe


class Podman(DockerCommands):
    """The podman command line."""

    name = "podman"
    keeps_steps = True

    @property
    def program(self) -> tuple[str, ...]:
        """See DockerCommands. What podman logs of itself would stand in a container's output."""
        return ("podman", "--log-level=fatal", *(("--remote",) if self.host else ()))

    @property
    def host(self) -> str:
        """See DockerCommands."""
        return self.environment.get("CONTAINER_HOST", "")

    @property
    def reaches_containers(self) -> bool:
        """See DockerCommands: without root, containers are behind a network of the user's own."""
        return not self.host and sys.platform == "linux" and os.geteuid() == 0

    def version(self) -> str:
        """See Engine. `info` opens the store or asks the service, which `version` does not."""
        return self.answer("info", "--format", "{{.Version.Version}}").strip()

    @property
    def times(self) -> tuple[str, ...]:
        """See DockerCommands: names of podman-top(1)."""
        return ("pid", "time")

    def build_options(self, recipe: Recipe) -> tuple[str, ...]:
        """See DockerCommands.

        The OCI format has no HEALTHCHECK, SHELL and ONBUILD.
        """
        return ("--format", "docker", "--layers=true", "--force-rm")
