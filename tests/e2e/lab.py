"""The lab: a docker daemon with base images and download sites that need no container registry."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


class LabError(AssertionError):
    """An image does not build, or the lab says that two images differ."""


def shared() -> Path:
    """The folder of data and tools that several checkouts share."""
    return Path(os.environ.get("MULTISTAGE_SHARED") or ROOT.parent / "shared")


@dataclass(frozen=True)
class Lab:
    """A running lab: its folder and the environment in which its commands and docker work."""

    folder: Path
    environment: dict[str, str]

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else who asks for it, in any process of the tests, uses the daemon meanwhile."""
        with open(Path(tempfile.gettempdir()) / "multistage-tests.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def docker(self, *arguments: str, both: bool = False) -> str:
        """Run docker and return what it printed; `both` adds standard error. Raises LabError."""
        done = subprocess.run(
            ["docker", *arguments], capture_output=True, text=True, errors="replace", env=self.environment
        )
        if done.returncode:
            raise LabError(f"docker {' '.join(arguments)}:\n{done.stderr}")
        return done.stdout + done.stderr if both else done.stdout

    def build(self, name: str, dockerfile: Path, context: Path) -> str:
        """Build an image unless it is there, and return its tag, which names all that went into it."""
        tag = f"multistage-samples:{name}-{digest(dockerfile, context)}"
        known = subprocess.run(["docker", "image", "inspect", tag], capture_output=True, env=self.environment)
        if known.returncode:
            self.command("build", "-t", tag, "-f", str(dockerfile), str(context))
        return tag

    def size(self, image: str) -> int:
        """Bytes of all layers."""
        return int(self.docker("image", "inspect", "-f", "{{.Size}}", image))

    def differences(self, original: str, converted: str, base: str, original_base: str) -> list[str]:
        """What the lab calls an error when it compares configuration, accounts and files of two images."""
        bases = [] if base == "scratch" else ["--base", base]
        done = self.run("equiv", original, converted, *bases, "--original-base", original_base)
        if done.stderr:
            raise LabError(done.stderr)
        return [line for line in done.stdout.splitlines() if line.startswith("ERROR")]

    def compare(self, case: str, converted: Path) -> dict[str, Any]:
        """The lab's own verdict on the conversion of one of its cases."""
        done = self.run("compare", case, str(converted))
        try:
            result: dict[str, Any] = json.loads(done.stdout)
        except json.JSONDecodeError:
            raise LabError(done.stdout + done.stderr) from None
        return result

    def site_hosts(self) -> list[str]:
        """Names of the download sites that the lab plays; they answer on this machine once this was asked."""
        sites = [str(self.folder / "origin")]
        subprocess.run([*sites, "start"], capture_output=True, env=self.environment, check=True)
        found = subprocess.run(
            [*sites, "hosts"], capture_output=True, text=True, env=self.environment, check=True
        )
        return found.stdout.split()

    def command(self, *arguments: str) -> str:
        """Run a lab command; raises LabError with what it printed when it fails."""
        done = self.run(*arguments)
        if done.returncode:
            raise LabError(f"lab {' '.join(arguments)}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a lab command."""
        return subprocess.run(
            [str(self.folder / "lab"), *arguments],
            capture_output=True,
            text=True,
            errors="replace",
            env=self.environment,
        )


def running(folder: Path) -> Lab | None:
    """The lab if this shell has evaluated what its `up` printed and the daemon answers."""
    if "LAB_STATE" not in os.environ:
        return None
    answer = subprocess.run(["docker", "version"], capture_output=True, timeout=20)
    return Lab(folder, dict(os.environ)) if answer.returncode == 0 else None


def start(folder: Path) -> Lab:
    """Make the lab ready, which takes minutes on a new machine. Raises LabError."""
    done = subprocess.run([str(folder / "up"), "--quiet"], capture_output=True, text=True, errors="replace")
    if done.returncode:
        raise LabError(f"the lab does not start:\n{done.stderr}")
    exported = dict(re.findall(r"(?m)^export (\w+)=(.*)$", done.stdout))
    path = exported.pop("PATH").replace("$PATH", os.environ["PATH"])
    return Lab(folder, {**os.environ, **exported, "PATH": path})


def digest(dockerfile: Path, context: Path) -> str:
    """A name for a build: its Dockerfile and every file of its context."""
    total = hashlib.sha256(dockerfile.read_bytes())
    for path in sorted(context.rglob("*")):
        total.update(f"{path.relative_to(context)} {path.stat().st_mode & 0o100:o}".encode())
        if path.is_file():
            total.update(path.read_bytes())
    return total.hexdigest()[:12]
