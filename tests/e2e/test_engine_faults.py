"""What happens to a real daemon in the middle of a build: it is killed, or its disk is full."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.lab import Lab
from tests.e2e.test_verify import runs

pytestmark = pytest.mark.lab

BASE = "debian:bookworm-slim"
MEGABYTES = 700
"""Size of the disk that the daemon has: the base image fits in, a file of a gigabyte does not."""


@dataclass
class Daemon:
    """A docker daemon of its own, whose images lie on a small disk."""

    folder: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes]

    def verify(self, dockerfile: str, buildkit: bool) -> subprocess.Popen[str]:
        """A verification that runs; it builds without a network, which this daemon has not."""
        context = self.folder / "context"
        context.mkdir(exist_ok=True)
        (context / "Dockerfile").write_text(dockerfile)
        command = [sys.executable, "-m", "converter", "verify", "Dockerfile", "Dockerfile"]
        return subprocess.Popen(
            [*command, "--engine", "docker", "--build-option=--network=none", "--log-dir", "logs", "-q"],
            cwd=context, env={**self.environment, "DOCKER_BUILDKIT": str(int(buildkit))},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def left(self) -> str:
        """Containers and images besides the base."""
        listed = ""
        for what in (["ps", "-aq"], ["images", "-q", "--filter", "reference=multistage-verify*"]):
            listed += subprocess.run(
                ["docker", *what], env=self.environment, capture_output=True, text=True, check=True
            ).stdout
        return listed


@pytest.fixture
def daemon(lab: Lab, repository: Path) -> Iterator[Daemon]:
    folder = Path(tempfile.mkdtemp(prefix="ms"))  # short: a socket's path is limited
    store = folder / "store"
    store.mkdir()
    with open(folder / "disk", "wb") as disk:
        disk.truncate(MEGABYTES << 20)
    subprocess.run(["mkfs.ext4", "-q", str(folder / "disk")], check=True, capture_output=True)
    subprocess.run(["mount", "-o", "loop", str(folder / "disk"), str(store)], check=True, capture_output=True)
    host = f"unix://{folder}/socket"
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(
            ["dockerd", "--data-root", str(store), "--exec-root", str(folder / "exec"), "--host", host,
             "--pidfile", str(folder / "pid"), "--bridge", "none", "--iptables=false"],
            stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True, env=lab.environment,
        )  # fmt: skip
    environment = {**lab.environment, "DOCKER_HOST": host, "PYTHONPATH": str(repository)}
    try:
        _wait(environment, folder / "log")
        lab.docker("save", "-o", str(folder / "base.tar"), BASE)
        subprocess.run(
            ["docker", "load", "-q", "-i", str(folder / "base.tar")],
            env=environment, check=True, capture_output=True,
        )  # fmt: skip
        yield Daemon(folder, environment, process)
    finally:
        process.terminate()
        process.wait(20)
        subprocess.run(["pkill", "-9", "-f", f"{folder}/"], capture_output=True)  # its containerd and steps
        _unmount(folder)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(environment: dict[str, str], log: Path) -> None:
    end = time.monotonic() + 30
    while subprocess.run(["docker", "version"], env=environment, capture_output=True).returncode:
        assert time.monotonic() < end, log.read_text(errors="replace")[-2000:]
        time.sleep(0.2)


def _unmount(folder: Path) -> None:
    for mount in reversed(Path("/proc/self/mounts").read_text().splitlines()):
        place = mount.split()[1]
        if place.startswith(f"{folder}/"):
            subprocess.run(["umount", "-l", place], capture_output=True)


@pytest.mark.parametrize("buildkit", [True, False])
def test_a_full_disk_is_one_clear_line_and_leaves_nothing(daemon: Daemon, buildkit: bool) -> None:
    running = daemon.verify(f"FROM {BASE}\nRUN head -c 1G /dev/zero > /big\n", buildkit)
    printed, said = running.communicate(timeout=120)
    assert said.splitlines() == [
        "multistage: error MS702: the disk that docker uses is full",
        "  help: make room where docker keeps its images, or remove images that are not needed",
    ]
    assert (running.returncode, printed, daemon.left()) == (2, "", "")


def test_a_killed_daemon_is_one_clear_line(daemon: Daemon) -> None:
    mark = f"sleep {time.time_ns() % 10**6 + 1000}"
    running = daemon.verify(f"FROM {BASE}\nRUN {mark}\n", buildkit=True)
    assert runs(mark, True)
    os.kill(daemon.process.pid, signal.SIGKILL)
    printed, said = running.communicate(timeout=60)
    first, help_line = said.splitlines()
    assert first.startswith("multistage: error MS701: docker does not answer")
    assert help_line == "  help: start its service, or check DOCKER_HOST and your permission to use it"
    assert (running.returncode, printed) == (2, "")
    subprocess.run(["pkill", "-f", mark])  # the killed daemon's step goes on without it
