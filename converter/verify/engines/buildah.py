"""buildah: builds and saves without a daemon; it runs an image to its end, but keeps no container running."""

from __future__ import annotations

import json
import re
from contextlib import AbstractContextManager
from typing import Any, BinaryIO

from converter.verify.engines import faults
from converter.verify.engines.command_line import CommandLine, exposed_ports
from converter.verify.engines.model import FailingStep, ImageFacts, Recipe, Start, State
from converter.verify.engines.process import Finished
from converter.verify.errors import VerifyError

_UNITS = {"B": 1, "kB": 10**3, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}


class Buildah(CommandLine):
    """The buildah command line. `BUILDAH_ISOLATION` and the files of containers-storage are its own matter."""

    name = "buildah"
    keeps_containers = False

    def version(self) -> str:
        """See Engine. `info` opens the store, which `version` does not."""
        self.answer("info")
        told = self.done("version", "--json").out
        return str(json.loads(told).get("version", ""))

    def build(self, recipe: Recipe, log: str) -> FailingStep | None:
        """See Engine. The docker format is needed for HEALTHCHECK, SHELL and ONBUILD."""
        options = ("--format", "docker", "--layers=false", "--force-rm")
        return self.built(recipe, options, log, self.runner)

    def save(self, image: str, seconds: float) -> AbstractContextManager[BinaryIO]:
        """See Engine."""
        return self.saved("push", "--quiet", image, "docker-archive:/dev/stdout", seconds=seconds)

    def facts(self, image: str) -> ImageFacts:
        """See Engine. The size is as exact as buildah prints it, which is three digits."""
        told = self._inspected(image)
        config = (told.get("Docker") or {}).get("config") or {}
        listed = json.loads(self.done("images", "--json", image).out)
        layers = ((told.get("OCIv1") or {}).get("rootfs") or {}).get("diff_ids") or ()
        return ImageFacts(
            _bytes(str(listed[0].get("size", "")) if listed else ""),
            len(layers),
            tuple((config.get("Healthcheck") or {}).get("Test") or ()),
            tuple(config.get("Shell") or ImageFacts(0, 0).shell),
            exposed_ports(config),
        )

    def run(self, start: Start, seconds: float) -> Finished:
        """See Engine. `buildah run` knows no ENTRYPOINT and CMD, so they are read from the image."""
        config = (self._inspected(start.image).get("OCIv1") or {}).get("config") or {}
        command = [*(config.get("Entrypoint") or ()), *(start.arguments or config.get("Cmd") or ())]
        if not command:
            return Finished(125, "", "the image has no command, and none was given\n")
        self.done("from", "--pull=never", "--name", start.name, start.image)
        return self.called("run", *start.options, start.name, "--", *command, seconds=seconds)

    def create(self, start: Start) -> None:
        """Not possible: see `keeps_containers`."""
        raise self._cannot()

    def start(self, container: str) -> str:
        """Not possible: see `keeps_containers`."""
        raise self._cannot()

    def execute(self, container: str, command: tuple[str, ...], seconds: float) -> Finished:
        """Not possible: see `keeps_containers`."""
        raise self._cannot()

    def logs(self, container: str) -> str:
        """Not possible: see `keeps_containers`."""
        raise self._cannot()

    def state(self, container: str) -> State:
        """Not possible: see `keeps_containers`."""
        raise self._cannot()

    def sockets(self, container: str, state: State, helper: str) -> str | None:
        """Not possible: see `keeps_containers`."""
        return None

    def processor_seconds(self, container: str) -> int:
        """Not possible: see `keeps_containers`."""
        return 0

    def stop(self, container: str, seconds: int) -> None:
        """Not possible: see `keeps_containers`."""
        raise self._cannot()

    def remove_container(self, container: str) -> None:
        """See Engine."""
        self.remove("rm", container)

    def remove_image(self, image: str) -> None:
        """See Engine."""
        self.remove("rmi", "-f", image)

    def _cannot(self) -> VerifyError:
        return faults.cannot(self.name, "keep a container running", "use docker or podman for checks in it")

    def _inspected(self, image: str) -> dict[str, Any]:
        told = json.loads(self.done("inspect", "--type", "image", image).out)
        return told if isinstance(told, dict) else {}


def _bytes(text: str) -> int:
    found = re.fullmatch(r"([\d.]+)\s*(\w+)", text.strip())
    return round(float(found[1]) * _UNITS.get(found[2], 0)) if found else 0
