"""`multistage verify` with a docker that is played: verdicts, reports, exit codes, faults, interrupts."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Answer
from tests.verify.playing import FakeDocker

Command = Callable[..., Answer]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two Dockerfiles and checks, which is the working directory."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Dockerfile").write_text("FROM debian\nRUN make\n")
    (folder / "new").write_text("FROM debian-slim\nCOPY x y\n")
    (folder / "checks.toml").write_text(
        '[wait]\nlog = "ready"\n[[exec]]\ncommand = ["id"]\nexpect = "ok\\n"\n[[run]]\nargs = ["-V"]\n'
    )
    monkeypatch.chdir(folder)
    return folder


VERIFY = ("verify", "Dockerfile", "new", "--log-dir", "logs", "--engine", "docker", "--checks", "checks.toml")


def test_equal(docker: FakeDocker, files: Path, command: Command) -> None:
    answer = command(*VERIFY)
    assert answer.out.splitlines()[0].startswith("  original  3 kB in 2 layers, built in ")
    assert "  saves     2 kB (67 %)" in answer.out
    assert answer.out.splitlines()[-1].startswith("equal, docker, ")
    assert "building the original image; its log is logs/original.log" in answer.err
    assert (files / "logs" / "original.log").read_text() == "#5 [2/2] RUN make\n"
    assert answer.code == 0
    assert docker.left == []


def test_an_answer_that_differs(docker: FakeDocker, files: Path, command: Command) -> None:
    docker.replies(converted={"run": [1, "v\x1b[1m2\n"]})
    answer = command(*VERIFY)
    assert "error MS723: run run -V: the original answers" in answer.out
    assert "\x1b" not in answer.out
    assert "different (1 error), docker" in answer.out
    assert answer.code == 5
    assert docker.left == []


def test_the_report_for_programs(docker: FakeDocker, files: Path, command: Command) -> None:
    docker.replies(converted={"exec": [1, "no\n"]})
    answer = command(*VERIFY, "--format", "json")
    found: dict[str, Any] = json.loads(answer.out)
    assert set(found) == {
        "schema", "verdict", "engine", "original", "converted", "saved", "trouble", "differences", "seconds", "left",
    }  # fmt: skip
    assert (found["schema"], found["verdict"], found["engine"]) == (1, "different", "docker")
    assert found["original"]["size"] == 3000
    assert found["original"]["log"] == "logs/original.log"
    assert found["saved"] == {"bytes": 2000, "layers": 0}
    assert [(item["level"], item["code"], item["subject"]) for item in found["differences"]] == [
        ("run", "MS723", "exec id")
    ]
    assert answer.code == 5


def test_an_original_that_does_not_build_is_not_the_conversions_fault(
    docker: FakeDocker, files: Path, command: Command
) -> None:
    (files / "Dockerfile").write_text("FROM debian\nRUN make FAILS\n")
    answer = command(*VERIFY)
    assert "error MS720: the original does not build at RUN make: executor failed" in answer.out
    assert "    | make: \\x1b[31mnothing\\x1b[0m to do" in answer.out
    assert "the conversion is not blamed" in answer.out
    assert answer.out.splitlines()[-1].startswith("original broken")
    assert answer.code == 2
    assert [call[0] for call in docker.calls].count("build") == 1
    assert docker.left == []


def test_a_conversion_that_does_not_build(docker: FakeDocker, files: Path, command: Command) -> None:
    (files / "new").write_text("FROM debian\nRUN make FAILS\n")
    answer = command(*VERIFY)
    assert "error MS721: the conversion does not build at RUN make" in answer.out
    assert answer.out.splitlines()[-1].startswith("conversion broken")
    assert answer.code == 5
    assert docker.left == []


def test_an_original_that_does_not_do_what_is_checked(
    docker: FakeDocker, files: Path, command: Command
) -> None:
    docker.replies(original={"exec": [0, "something else\n"]})
    answer = command(*VERIFY)
    assert "error MS722: the original image: exec id: got 'something else\\n', expected 'ok\\n'" in answer.out
    assert answer.code == 2


def test_without_checks_both_are_watched(docker: FakeDocker, files: Path, command: Command) -> None:
    docker.replies(
        original={"running": False, "log": "hello 1\nhello 2\n"},
        converted={"running": False, "exit": 1, "log": "not found\n"},
    )
    answer = command("verify", "Dockerfile", "new", "--log-dir", "logs")
    told = "the original ended with exit status 0, the conversion ended with exit status 1"
    assert f"error MS724: run state: {told}" in answer.out
    assert answer.code == 5
    assert docker.left == []


def test_the_conversion_is_made_on_the_fly(docker: FakeDocker, files: Path, command: Command) -> None:
    (files / "main.c").write_text("int main(void) { return 0; }\n")
    (files / "Dockerfile").write_text(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc libc6-dev\nCOPY main.c /src/\n"
        'RUN gcc -o /usr/local/bin/main /src/main.c\nCMD ["main"]\n'
    )
    (files / "Dockerfile.dockerignore").write_text("logs\n")
    for extra in ((), ("-",)):
        answer = command("verify", "Dockerfile", *extra, "--log-dir", "logs", "--checks", "checks.toml")
        assert answer.code == 0, answer
        built = [call for call in docker.calls if call[0] == "build"][-1]
        assert built[built.index("-f") + 1].endswith("converted.Dockerfile")
        assert built[-1] == "."


def test_what_cannot_be_converted_is_not_built(docker: FakeDocker, files: Path, command: Command) -> None:
    (files / "Dockerfile").write_text("FROM debian\nCOPY a b\n")
    answer = command("verify", "Dockerfile")
    assert "MS501" in answer.err
    assert answer.code == 0
    (files / "Dockerfile").write_text("FORM debian\n")
    assert command("verify", "Dockerfile").code == 4
    assert docker.calls == []


def test_options_reach_the_builder(
    docker: FakeDocker, files: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MULTISTAGE_BUILD_ARGS", "A=1")
    command(
        *VERIFY, "--build-arg", "B=2", "--secret", "id=s,src=f", "--ssh", "default", "--context", "logs/..",
        "--build-option=--network=host",
    )  # fmt: skip
    for build in (call for call in docker.calls if call[0] == "build"):
        said = " ".join(build)
        assert "--build-arg A=1" in said
        assert "--build-arg B=2" in said
        assert "--secret id=s,src=f --ssh default --network=host -t multistage-verify:" in said
        assert said.endswith(" logs/..")


def test_kept_things_are_named(docker: FakeDocker, files: Path, command: Command) -> None:
    answer = command(*VERIFY, "--keep")
    assert answer.code == 0
    assert len(docker.left) == 6
    assert answer.out.splitlines()[-1].startswith("still there: multistage-verify-")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("verify", "nothing"), "nothing: there is no such file"),
        (("verify", "-"), "ORIGINAL must be a file"),
        (("verify", "Dockerfile", "nothing"), "nothing: there is no such file"),
        (("verify", "Dockerfile", "new", "--no-context"), "a build needs a context"),
        (("verify", "Dockerfile", "new", "--timeout", "no"), "must be a number of seconds"),
        (("verify", "Dockerfile", "new", "--engine", "dcoker"), "invalid choice"),
        (("verify", "Dockerfile", "new", "--checks", "nothing"), "error MS708: nothing: cannot be read"),
        (("verify", "Dockerfile", "new", "--log-dir", "Dockerfile"), "--log-dir Dockerfile: file exists"),
    ],
)
def test_wrong_usage(
    docker: FakeDocker, files: Path, command: Command, arguments: tuple[str, ...], said: str
) -> None:
    answer = command(*arguments)
    assert said in answer.err
    assert answer.code == 2
    assert docker.calls == []


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        ("version=unreachable", "MS701", "docker does not answer: Cannot connect to the Docker daemon"),
        ("build@original=disk_full", "MS702", "the disk that docker uses is full"),
        ("build@converted=registry", "MS703", "a registry does not answer: Get"),
        ("build@converted=network", "MS733", "the network failed while the conversion was built: Temporary"),
        ("build@converted=killed", "MS701", "docker does not answer: error during connect"),
        ("save@original=disk_full", "MS702", "the disk that docker uses is full"),
        ("save@converted=strange", "MS706", "docker: save failed: the moon is full"),
        ("create=strange", "MS706", "docker: create failed: the moon is full"),
        ("start@converted=unreachable", "MS701", "docker does not answer"),
        ("logs@converted=strange", "MS706", "docker: logs failed"),
        ("stop@original=unreachable", "MS701", "docker does not answer"),
    ],
)
def test_a_fault_of_the_engine_is_one_clear_line(
    docker: FakeDocker, files: Path, command: Command, fault: str, code: str, said: str
) -> None:
    docker.fails(fault)
    answer = command(*VERIFY, "-q")
    assert answer.err.splitlines()[0].startswith(f"multistage: error {code}: {said}")
    assert len(answer.err.splitlines()) == 2
    assert answer.out == ""
    assert answer.code == 2
    assert docker.left == []


def test_a_conversion_is_built_again_where_the_network_failed(
    docker: FakeDocker, files: Path, command: Command
) -> None:
    docker.fails("build@converted=network_once")
    answer = command(*VERIFY)
    assert "the network failed; building again" in answer.err
    assert answer.code == 0
    docker.fails("build@original=network")
    answer = command(*VERIFY, "-q")
    assert "error MS720" in answer.out
    assert answer.code == 2


def test_no_engine(
    docker: FakeDocker, files: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(files))
    answer = command("verify", "Dockerfile", "new")
    assert "multistage: error MS700: no engine is installed" in answer.err
    assert answer.code == 2
    assert (
        "MS700: podman is not installed" in command("verify", "Dockerfile", "new", "--engine", "podman").err
    )


def test_a_step_that_takes_too_long(docker: FakeDocker, files: Path, command: Command) -> None:
    docker.fails("build@converted=hang")
    answer = command(*VERIFY, "-q", "--timeout", "1")
    assert "multistage: error MS705: building new took longer than 1 seconds" in answer.err
    assert answer.code == 2
    assert docker.left == []


PHASES = (
    "version", "build@original", "build@converted", "save@original", "create@original", "start@original",
    "exec", "stop@converted", "run@converted", "rm@original",
)  # fmt: skip
INTERRUPTS = [(phase, signal.SIGINT) for phase in PHASES]
INTERRUPTS += [(phase, signal.SIGTERM) for phase in ("build@converted", "exec")]


@pytest.mark.parametrize(("phase", "number"), INTERRUPTS)
def test_an_interrupt_leaves_nothing(
    docker: FakeDocker, files: Path, phase: str, number: signal.Signals
) -> None:
    docker.fails(f"{phase}=hang")
    repository = str(Path(__file__).resolve().parents[2])
    child = subprocess.Popen(
        [sys.executable, "-m", "converter", *VERIFY],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": repository}, preexec_fn=_heeding_interrupts,
    )  # fmt: skip
    end = time.monotonic() + 30
    while not (docker.folder / "hangs").exists() and time.monotonic() < end:
        time.sleep(0.02)
    if phase.startswith("rm"):  # removing is not left half done: it goes on without the fault
        child.send_signal(number)
        time.sleep(0.1)
        assert child.poll() is None
        _end_hanging_commands(docker)
    else:
        child.send_signal(number)
    _, said = child.communicate(timeout=30)
    assert said.splitlines()[-1] == "multistage: interrupted"
    assert child.returncode == 130
    assert docker.left == []
    assert _hanging_commands(docker) == []


def _hanging_commands(docker: FakeDocker) -> list[int]:
    """Processes of this test's docker that still run."""
    mine = f"FAKE_STATE={docker.folder}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command, environment = (process / "cmdline").read_bytes(), (process / "environ").read_bytes()
        except OSError:
            continue
        if b"fake_docker.py" in command and mine in environment:
            found.append(int(process.name))
    return found


def _end_hanging_commands(docker: FakeDocker) -> None:
    for process in _hanging_commands(docker):
        os.kill(process, signal.SIGKILL)


def _heeding_interrupts() -> None:
    """A job in the background of a shell ignores interrupts, and so would its children."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
