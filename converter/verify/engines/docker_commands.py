"""The docker command line, which podman speaks too: containers and images by `docker` or `podman` commands."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, BinaryIO

from converter.verify.engines import faults
from converter.verify.engines.command_line import CommandLine, exposed_ports
from converter.verify.engines.model import FailingStep, ImageFacts, Recipe, Start, State
from converter.verify.engines.process import Finished, Runner
from converter.verify.engines.processes import processor_seconds
from converter.verify.engines.sockets import own_tables
from converter.verify.engines.step_images import made_by_steps


class DockerCommands(CommandLine, ABC):
    """What docker and podman have in common; the two subclasses say where they differ."""

    keeps_containers = True

    def __init__(self, environment: Mapping[str, str]) -> None:
        super().__init__(environment)
        self._images_of_steps: list[str] = []

    @property
    @abstractmethod
    def host(self) -> str:
        """Where the service is reached, as a URL; empty for this machine."""

    @abstractmethod
    def version(self) -> str:
        """See Engine."""

    @abstractmethod
    def build_options(self, recipe: Recipe) -> tuple[str, ...]:
        """The options of a build that the two name differently. Raises VerifyError."""

    @property
    @abstractmethod
    def reaches_containers(self) -> bool:
        """Whether this machine can connect to a container's own address."""

    @property
    @abstractmethod
    def keeps_steps(self) -> bool:
        """Whether builds leave an image for each step."""

    @property
    @abstractmethod
    def times(self) -> tuple[str, ...]:
        """What `top` is asked for: the number and the processor time of each process, in this order."""

    def building(self) -> Runner:
        """Who runs build commands."""
        return self.runner

    def build(self, recipe: Recipe, log: str) -> FailingStep | None:
        """See Engine."""
        try:
            return self.built(recipe, self.build_options(recipe), log, self.building())
        finally:
            if self.keeps_steps:
                self._images_of_steps += made_by_steps(log)

    def tidy(self) -> None:
        """See Engine. What has a name meanwhile, or a child, stays."""
        for image in reversed(self._images_of_steps):
            told = self.called("image", "inspect", "--format", "{{json .RepoTags}}", image)
            if told.code == 0 and told.out.strip() in ("[]", "null"):
                self.called("rmi", image)
        self._images_of_steps.clear()

    def save(self, image: str, seconds: float) -> AbstractContextManager[BinaryIO]:
        """See Engine."""
        return self.saved("save", image, seconds=seconds)

    def facts(self, image: str) -> ImageFacts:
        """See Engine."""
        told = self._inspected("image", image)
        config: dict[str, Any] = told.get("Config") or {}
        test = (config.get("Healthcheck") or told.get("Healthcheck") or {}).get("Test") or ()
        shell = config.get("Shell") or ImageFacts(0, 0).shell
        layers = (told.get("RootFS") or {}).get("Layers") or ()
        return ImageFacts(
            int(told.get("Size", 0)), len(layers), tuple(test), tuple(shell), exposed_ports(config)
        )

    def create(self, start: Start) -> None:
        """See Engine."""
        options = ("--name", start.name, *self._published(start), *_unwatched(start))
        self.done("create", *options, *start.options, start.image, *start.arguments)

    def start(self, container: str) -> str:
        """See Engine."""
        done = self.called("start", container)
        if done.code and (found := faults.surroundings(self.name, done.err)):
            raise found
        return faults.last_words(done.err) if done.code else ""

    def run(self, start: Start, seconds: float) -> Finished:
        """See Engine."""
        options = ("--name", start.name, *_unwatched(start), *start.options)
        return self._answered(("run", *options, start.image, *start.arguments), seconds)

    def execute(self, container: str, command: tuple[str, ...], seconds: float) -> Finished:
        """See Engine."""
        return self._answered(("exec", container, *command), seconds)

    def logs(self, container: str) -> str:
        """See Engine."""
        return self.done("logs", container).output

    def state(self, container: str) -> State:
        """See Engine."""
        told = self._inspected("container", container)
        state, network = told.get("State") or {}, told.get("NetworkSettings") or {}
        networks = (network.get("Networks") or {}).values()
        addresses = [network.get("IPAddress"), *(item.get("IPAddress") for item in networks)]
        address = next((found for found in addresses if found), "")
        if (told.get("HostConfig") or {}).get("NetworkMode") == "host":
            address = "127.0.0.1"
        return State(
            running=bool(state.get("Running")),
            exit_code=int(state.get("ExitCode") or 0),
            address=address if self.reaches_containers else "",
            pid=int(state.get("Pid") or 0),
            published=self._reached(network.get("Ports") or {}),
        )

    def sockets(self, container: str, state: State, helper: str) -> str | None:
        """See Engine."""
        if not self._is_remote and (tables := own_tables(state.pid, self._id(container))):
            return tables
        options = ("--rm", "--network", f"container:{container}", "--entrypoint", "cat")
        done = self.called("run", *options, helper, "/proc/net/tcp", "/proc/net/tcp6")
        return done.out or None

    def processor_seconds(self, container: str) -> int:
        """See Engine."""
        return processor_seconds(self.called("top", container, *self.times).out)

    def stop(self, container: str, seconds: int) -> None:
        """See Engine."""
        self.done("stop", "-t", str(seconds), container)

    def remove_container(self, container: str) -> None:
        """See Engine."""
        self.remove("rm", "-f", "-v", container)

    def remove_image(self, image: str) -> None:
        """See Engine."""
        self.remove("rmi", "-f", image)

    def _published(self, start: Start) -> tuple[str, ...]:
        """Options that make ports reachable where the container's address is not."""
        if self.reaches_containers:
            return ()
        form = "{}" if self._is_remote else "127.0.0.1::{}"
        return tuple(part for port in start.ports for part in ("-p", form.format(port)))

    @property
    def _is_remote(self) -> bool:
        return self.host.startswith(("tcp:", "ssh:"))

    def _reached(self, ports: Mapping[str, Any]) -> dict[int, tuple[str, int]]:
        from urllib.parse import urlsplit

        here = (urlsplit(self.host).hostname if self._is_remote else None) or "127.0.0.1"
        return {
            int(port.partition("/")[0]): (here, int(bound[0]["HostPort"]))
            for port, bound in ports.items()
            if bound and port.endswith("/tcp")
        }

    def _id(self, container: str) -> str:
        return str(self._inspected("container", container).get("Id", ""))

    def _inspected(self, kind: str, name: str) -> dict[str, Any]:
        told = json.loads(self.done(kind, "inspect", name).out)
        return told[0] if isinstance(told, list) and told and isinstance(told[0], dict) else {}

    def _answered(self, command: tuple[str, ...], seconds: float) -> Finished:
        """A command in a container: its failure is an answer, but the engine's own is not."""
        done = self.called(*command, seconds=seconds)
        if done.code == 125 and (found := faults.surroundings(self.name, done.err)):
            raise found
        return done


def _unwatched(start: Start) -> tuple[str, ...]:
    """The engine's own health checks would leave traces in the log at any time; HEALTHCHECK is asked by us."""
    return () if any(option.startswith("--health") for option in start.options) else ("--no-healthcheck",)
