"""docker: with BuildKit where client and daemon have it, else with the legacy builder."""

from __future__ import annotations

import json
import sys
from functools import cached_property
from typing import Any

from converter.verify.engines import faults
from converter.verify.engines.docker_commands import DockerCommands
from converter.verify.engines.model import Recipe
from converter.verify.engines.process import Runner

FIRST_API_WITH_BUILDKIT = (1, 39)
FIRST_CLIENT_WITH_BUILDX = 23
"""From this version on the client builds with its plug-in buildx only; before, it speaks to BuildKit itself."""


class Docker(DockerCommands):
    """The docker command line. `DOCKER_HOST`, `DOCKER_CONTEXT` and `DOCKER_BUILDKIT` are honoured."""

    name = "docker"

    @property
    def host(self) -> str:
        """See DockerCommands."""
        return self.environment.get("DOCKER_HOST", "")

    @property
    def reaches_containers(self) -> bool:
        """See DockerCommands: a daemon in a virtual machine or on another one has a network of its own."""
        local = self.host.startswith("unix:") or not (self.host or self.environment.get("DOCKER_CONTEXT"))
        return local and sys.platform == "linux" and "/run/user/" not in self.host

    def version(self) -> str:
        """See Engine."""
        return str(self._server["Version"])

    @cached_property
    def buildkit(self) -> bool:
        """Whether builds go to BuildKit: as `DOCKER_BUILDKIT` says, else where both sides have it."""
        if said := self.environment.get("DOCKER_BUILDKIT"):
            return said.lower() not in ("0", "false", "f")
        api = tuple(int(part) for part in str(self._server.get("ApiVersion", "0.0")).split(".")[:2])
        if api < FIRST_API_WITH_BUILDKIT or self._server.get("Os") == "windows":
            return False
        client = str(self._versions["Client"].get("Version", "0")).partition(".")[0]
        if client.isdigit() and int(client) < FIRST_CLIENT_WITH_BUILDX:
            return True
        return self.called("buildx", "version").code == 0

    def building(self) -> Runner:
        """See DockerCommands."""
        return Runner(
            {**self.environment, "DOCKER_BUILDKIT": str(int(self.buildkit)), "BUILDKIT_PROGRESS": "plain"}
        )

    @property
    def keeps_steps(self) -> bool:
        """See DockerCommands."""
        return not self.buildkit

    @property
    def times(self) -> tuple[str, ...]:
        """See DockerCommands: options of ps(1)."""
        return ("-eo", "pid,time")

    def build_options(self, recipe: Recipe) -> tuple[str, ...]:
        """See DockerCommands. The legacy builder takes `--secret` without a word and ignores it."""
        if self.buildkit:
            return ()
        if recipe.secrets or recipe.ssh:
            option = "--secret" if recipe.secrets else "--ssh"
            raise faults.cannot("docker's legacy builder", f"use {option}", "install buildx, or use podman")
        return ("--force-rm",)

    @property
    def _server(self) -> dict[str, Any]:
        server: dict[str, Any] = self._versions["Server"]
        return server

    @cached_property
    def _versions(self) -> dict[str, Any]:
        said = self.answer("version", "--format", "{{json .}}")
        try:
            told = json.loads(said)
        except ValueError:
            told = None
        if not isinstance(told, dict) or not told.get("Server"):
            raise faults.unreachable(self.name, said)
        return told
