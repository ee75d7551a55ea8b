"""What every engine can be asked for, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import BinaryIO, Protocol

from msgspec import Struct, field

from converter.verify.engines.process import Finished


class Recipe(Struct, frozen=True):
    """One build: a Dockerfile, its context folder and the name that the image gets.

    `build_args`, `secrets` and `ssh` are as the user gave them to the options of the same names, `options`
    goes to the engine's build command as it is. `seconds` is the time limit.
    """

    dockerfile: str
    context: str
    tag: str
    build_args: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    ssh: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    seconds: float = 3600


class FailingStep(Struct, frozen=True):
    """Why a build ended: the instruction, the engine's last word, and the end of what the step printed.

    `instruction` is empty where the build ended before its first step.
    """

    instruction: str
    reason: str
    output: tuple[str, ...] = ()


class Start(Struct, frozen=True):
    """One container: `options` are the engine's own, `arguments` take the place of the image's CMD.

    `ports` of the container must be reachable from here.
    """

    image: str
    name: str
    options: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()


class State(Struct, frozen=True):
    """A container's state; `address` and `pid` are empty and 0 where there is none.

    `published` leads from a port of the container to where this machine reaches it.
    """

    running: bool
    exit_code: int = 0
    address: str = ""
    pid: int = 0
    published: Mapping[int, tuple[str, int]] = field(default_factory=dict)


class ImageFacts(Struct, frozen=True):
    """An image in numbers, and the parts of its configuration that a check needs.

    `size` counts the bytes of all layers, unpacked. `healthcheck` is the test as the configuration has it,
    `exposed` the TCP ports that it promises.
    """

    size: int
    layers: int
    healthcheck: tuple[str, ...] = ()
    shell: tuple[str, ...] = ("/bin/sh", "-c")
    exposed: tuple[int, ...] = ()


class Engine(Protocol):
    """An engine. All methods but `version` raise VerifyError where the engine itself fails."""

    @property
    def name(self) -> str:
        """The engine's name, as `--engine` takes it."""
        ...

    @property
    def keeps_containers(self) -> bool:
        """Whether a container can be left running while checks are made in it."""
        ...

    def version(self) -> str:
        """The engine's version, which shows that it answers. Raises VerifyError: missing or unreachable."""
        ...

    def build(self, recipe: Recipe, log: str) -> FailingStep | None:
        """Build an image, with the log in a file; None when it was built."""
        ...

    def save(self, image: str, seconds: float) -> AbstractContextManager[BinaryIO]:
        """The image as an archive, read while the engine writes it."""
        ...

    def facts(self, image: str) -> ImageFacts:
        """Size and layers of an image."""
        ...

    def create(self, start: Start) -> None:
        """Make a container without starting it."""
        ...

    def start(self, container: str) -> str:
        """Start a container; what the engine said when that failed, else nothing."""
        ...

    def run(self, start: Start, seconds: float) -> Finished:
        """Make a container, start it, and wait for its end; it is left for `remove_container`."""
        ...

    def execute(self, container: str, command: tuple[str, ...], seconds: float) -> Finished:
        """Run a command in a running container."""
        ...

    def logs(self, container: str) -> str:
        """What the container printed so far, standard output first."""
        ...

    def state(self, container: str) -> State:
        """How the container is."""
        ...

    def sockets(self, container: str, state: State, helper: str) -> str | None:
        """The kernel's tables of TCP sockets in the container's network, or None where out of reach.

        `helper` is an image that may be started in that network, to read them with its own `cat`.
        """
        ...

    def processor_seconds(self, container: str) -> int:
        """Whole seconds of processor time of each process of a container, summed; 0 where that cannot be seen."""
        ...

    def stop(self, container: str, seconds: int) -> None:
        """Ask the container to end, and end it after some seconds."""
        ...

    def remove_container(self, container: str) -> None:
        """Remove a container with its anonymous volumes, running or not; none is no error."""
        ...

    def remove_image(self, image: str) -> None:
        """Remove an image's name, and the image if that was its last; none is no error."""
        ...

    def tidy(self) -> None:
        """Remove what builds left beside their images."""
        ...
