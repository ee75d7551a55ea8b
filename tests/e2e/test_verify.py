"""Verifications in real engines: docker with both of its builders, podman and buildah."""

from __future__ import annotations

import json
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
from typing import Any

import pytest

from tests.e2e.lab import Lab

pytestmark = pytest.mark.lab

BASE = "debian:bookworm-slim"
SERVICE = """#!/usr/bin/perl
use IO::Socket::INET;
$| = 1;
$SIG{TERM} = sub { print "bye\\n"; exit 0 };
my $word = do { local @ARGV = ("/etc/word"); <> } or die "cannot read /etc/word\\n";
if (@ARGV) { print "word $word"; exit 3 }
my $listener = IO::Socket::INET->new(LocalPort => 7000, Listen => 5, ReuseAddr => 1) or die;
print "ready at ", time, "\\n";
while (1) { my $peer = $listener->accept or next; print $peer $word; close $peer }
"""
ORIGINAL = f"""FROM {BASE}
RUN echo blue > /etc/word
COPY service /usr/local/bin/service
EXPOSE 7000
HEALTHCHECK CMD test -s /etc/word
ENTRYPOINT ["/usr/local/bin/service"]
"""
CONVERTED = f"""FROM {BASE} AS builder
RUN echo blue > /etc/word
FROM {BASE}
COPY --from=builder /etc/word /etc/word
COPY service /usr/local/bin/service
EXPOSE 7000
HEALTHCHECK CMD test -s /etc/word
ENTRYPOINT ["/usr/local/bin/service"]
"""
CHECKS = """
[wait]
port = 7000
[[tcp]]
port = 7000
expect = "blue\\n"
[[exec]]
command = ["cat", "/etc/word"]
[[run]]
args = ["once"]
exit = 3
"""
IDLE = "trap 'exit 0' TERM; echo ready at 1; while :; do sleep 0.1; done"
RUN_CHECK = '[wait]\nexit = true\n[[run]]\nargs = ["once"]\nexit = 3\n'


@dataclass
class Place:
    """Two Dockerfiles, their context, and the environment in which an engine works."""

    folder: Path
    environment: dict[str, str]

    def verify(self, converted: str, *options: str, original: str = ORIGINAL) -> tuple[int, dict[str, Any]]:
        """The exit code and the report."""
        (self.folder / "Dockerfile").write_text(original)
        (self.folder / "new").write_text(converted)
        done = subprocess.run(
            [sys.executable, "-m", "converter", "verify", "Dockerfile", "new", "--format", "json", *options],
            cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert done.stdout, done.stderr
        report: dict[str, Any] = json.loads(done.stdout)
        assert report["left"] == []
        return done.returncode, report


def codes(report: dict[str, Any]) -> list[str]:
    return [item["code"] for item in report["differences"]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    context = tmp_path / "context"
    context.mkdir()
    (context / "service").write_text(SERVICE)
    (context / "service").chmod(0o755)
    (context / "checks.toml").write_text(CHECKS)
    (context / "run.toml").write_text(RUN_CHECK)
    return context


@pytest.fixture
def docker(lab: Lab, folder: Path, repository: Path) -> Iterator[Place]:
    """The lab's docker, in which nothing of a verification is left."""
    environment = {**lab.environment, "PYTHONPATH": str(repository)}
    with lab.alone():
        before = _made(lab)  # a run of the tests that was killed may have left something
        yield Place(folder, environment)
        assert _made(lab) <= before


def _made(lab: Lab) -> set[str]:
    """The containers and images of verifications that the daemon has."""
    names = lab.docker("ps", "-a", "--format", "{{.Names}}") + lab.docker(
        "images", "--format", "{{.Repository}}:{{.Tag}}"
    )
    return {name for name in names.split() if name.startswith("multistage-verify")}


@pytest.fixture(scope="module")
def storage(lab: Lab) -> Iterator[dict[str, str]]:
    """An environment in which podman and buildah have a store of their own, with the base image in it.

    Its path is short: podman puts sockets there, and waits for ones whose path is too long.
    """
    folder = Path(tempfile.mkdtemp(prefix="ms"))
    (folder / "storage.conf").write_text(
        f'[storage]\ndriver = "overlay"\ngraphroot = "{folder}/graph"\nrunroot = "{folder}/run"\n'
    )
    (folder / "containers.conf").write_text(  # as root in a machine with old control groups and low limits
        '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n'
        f'[engine]\nruntime = "runc"\ncgroup_manager = "cgroupfs"\ntmp_dir = "{folder}/tmp"\n'
    )
    environment = {
        **lab.environment,
        "CONTAINERS_STORAGE_CONF": str(folder / "storage.conf"),
        "CONTAINERS_CONF": str(folder / "containers.conf"),
        "BUILDAH_RUNTIME": "runc",
    }
    provide("buildah")
    lab.docker("save", "-o", str(folder / "base.tar"), BASE)
    subprocess.run(
        ["buildah", "pull", "--quiet", f"docker-archive:{folder}/base.tar"],
        env=environment, check=True, capture_output=True,
    )  # fmt: skip
    yield environment
    subprocess.run(["buildah", "rm", "-a"], env=environment, capture_output=True)
    subprocess.run(["buildah", "rmi", "-a", "-f"], env=environment, capture_output=True)
    for mount in reversed(Path("/proc/self/mounts").read_text().splitlines()):
        if (place := mount.split()[1]).startswith(str(folder)):
            subprocess.run(["umount", place], capture_output=True)
    shutil.rmtree(folder, ignore_errors=True)


def provide(program: str) -> None:
    """Install a program where that is CI's job; skip the test elsewhere."""
    if shutil.which(program):
        return
    if not os.environ.get("CI"):
        pytest.skip(f"{program} is not installed")
    subprocess.run(
        ["apt-get", "install", "-qq", "-y", "--no-install-recommends", program],
        check=True, capture_output=True, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )  # fmt: skip


@pytest.fixture
def buildah(storage: dict[str, str], folder: Path, repository: Path) -> Iterator[Place]:
    yield Place(folder, {**storage, "PYTHONPATH": str(repository)})
    for command in (["buildah", "containers", "--json"], ["buildah", "images", "--json"]):
        listed = subprocess.run(command, env=storage, capture_output=True, text=True, check=True)
        assert "multistage-verify" not in listed.stdout
    assert len(json.loads(listed.stdout)) == 1


def test_docker_with_the_legacy_builder_says_equal(docker: Place) -> None:
    docker.environment["DOCKER_BUILDKIT"] = "0"  # all other tests use BuildKit
    code, report = docker.verify(CONVERTED, "--engine", "docker", "--checks", "checks.toml")
    assert (code, report["verdict"], report["engine"]) == (0, "equal", "docker")
    assert report["differences"] == []
    assert report["original"]["size"] > 50_000_000
    assert report["original"]["layers"] == report["converted"]["layers"] == 3
    assert Path(report["original"]["log"]).stat().st_size > 0


def test_answers_that_differ(docker: Place) -> None:
    code, report = docker.verify(CONVERTED.replace("blue", "red"), "--checks", "checks.toml")
    assert (code, report["verdict"]) == (5, "different")
    run = [item for item in report["differences"] if item["level"] == "run"]
    assert [(item["code"], item["subject"]) for item in run] == [
        ("MS723", "tcp 7000 ''"), ("MS723", "exec cat /etc/word"), ("MS723", "run once"),
    ]  # fmt: skip
    assert run[0]["message"] == r"the original answers 'blue\n', the conversion 'red\n'"


def test_a_conversion_that_ends_at_once(docker: Place) -> None:
    code, report = docker.verify(CONVERTED.replace("COPY --from=builder /etc/word /etc/word\n", ""))
    assert (code, report["verdict"]) == (5, "different")
    state = next(item for item in report["differences"] if item["code"] == "MS724")
    assert state["message"].startswith("the original is still running, the conversion ended with exit status")
    assert "cannot read /etc/word" in state["help"]


def test_without_checks_equal_containers_are_equal(docker: Place) -> None:
    code, report = docker.verify(CONVERTED)
    assert (code, report["differences"]) == (0, [])


def test_ports_and_health_are_watched(docker: Place) -> None:
    other = CONVERTED.replace("test -s /etc/word", "false").replace(
        '["/usr/local', f'["sh", "-c", "{IDLE}", "/usr/local'
    )
    code, report = docker.verify(other)
    assert code == 5
    assert {"MS725", "MS726"} <= set(codes(report))


def test_an_original_that_does_not_build(docker: Place) -> None:
    broken = ORIGINAL.replace("RUN echo", "RUN cat /nothing && echo")
    code, report = docker.verify(CONVERTED, original=broken)
    assert (code, report["verdict"], report["converted"]) == (2, "original broken", None)
    failure = report["original"]["failure"]
    assert failure["instruction"] == "RUN cat /nothing && echo blue > /etc/word"
    assert any("No such file or directory" in row for row in failure["output"])


def test_ctrl_c_during_a_real_build(docker: Place, lab: Lab) -> None:
    mark = f"sleep {time.time_ns() % 10**6 + 1000}"
    (docker.folder / "Dockerfile").write_text(f"FROM {BASE}\nRUN {mark}\n")
    child = subprocess.Popen(
        [sys.executable, "-m", "converter", "verify", "Dockerfile", "Dockerfile", "--log-dir", "logs"],
        cwd=docker.folder, env=docker.environment, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler) and None,
    )  # fmt: skip
    assert runs(mark, True)
    child.send_signal(signal.SIGINT)
    _, said = child.communicate(timeout=30)
    assert child.returncode == 130
    assert said.endswith("multistage: interrupted\n")
    assert runs(mark, False)


def runs(command: str, wanted: bool) -> bool:
    """Whether a command comes to run, or to end, on this machine within some seconds."""
    end = time.monotonic() + 20
    words = command.encode().replace(b" ", b"\0") + b"\0"
    while time.monotonic() < end:
        found = False
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                found |= path.read_bytes() == words
            except OSError:
                continue
        if found is wanted:
            return True
        time.sleep(0.1)
    return False


def test_buildah_says_equal(buildah: Place) -> None:
    code, report = buildah.verify(CONVERTED, "--engine", "buildah", "--checks", "run.toml")
    assert (code, report["verdict"], report["differences"]) == (0, "equal", [])
    assert report["original"]["size"] > 50_000_000


def test_buildah_finds_a_difference_and_says_what_it_could_not_ask(buildah: Place) -> None:
    options = ("--engine", "buildah", "--checks", "checks.toml")
    code, report = buildah.verify(CONVERTED.replace("blue", "red"), *options)
    assert code == 5
    assert {"MS709", "MS723"} <= set(codes(report))


def test_podman_finds_the_same(buildah: Place) -> None:
    if not shutil.which("podman"):
        pytest.skip("podman is not installed")
    options = ("--engine", "podman", "--checks", "checks.toml")
    code, report = buildah.verify(CONVERTED.replace("echo blue", "echo red"), *options)
    assert (code, report["engine"]) == (5, "podman")
    assert [item["subject"] for item in report["differences"] if item["code"] == "MS723"] == [
        "tcp 7000 ''", "exec cat /etc/word", "run once",
    ]  # fmt: skip
