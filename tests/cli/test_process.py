"""The command as a process: start, signals, streams that end early."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from converter import __version__

COMMAND = [sys.executable, "-m", "converter"]


@pytest.mark.parametrize("flag", ["--version", "-V"])
def test_version(flag: str) -> None:
    done = subprocess.run([*COMMAND, flag], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"multistage {__version__}\n", "")


def test_asking_for_the_version_imports_nothing_more() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "converter", "--version"], capture_output=True, text=True
    )
    imported = {row.split("|")[-1].strip() for row in done.stderr.splitlines()}
    assert imported.isdisjoint(
        {"argparse", "dataclasses", "typing", "re", "converter.cli", "rich", "networkx"}
    )


def test_help_names_the_verbs() -> None:
    done = subprocess.run([*COMMAND, "--help"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0
    for verb in ("convert", "explain", "batch", "codes"):
        assert f"    {verb} " in done.stdout


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM debian\n" + "# padding\n" * 20_000)
    script = '"$0" -m converter convert "$1" | head -c 1 >/dev/null; echo "${PIPESTATUS[0]}"'
    done = subprocess.run(
        ["bash", "-c", script, sys.executable, str(tmp_path / "Dockerfile")], capture_output=True, text=True
    )
    assert done.stdout.strip() in ("0", "141")
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_interrupting_leaves_with_130_and_no_traceback() -> None:
    child = subprocess.Popen(
        [*COMMAND, "convert", "-"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_heeding_interrupts,
    )
    _wait_until_it_reads(child)
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=60)
    assert child.returncode == 130
    assert err == "multistage: interrupted\n"


def _heeding_interrupts() -> None:
    """A job in the background of a shell ignores interrupts, and so would its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _wait_until_it_reads(child: subprocess.Popen[str]) -> None:
    """Until the process sleeps in a read of standard input."""
    place = Path(f"/proc/{child.pid}/wchan")
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if place.exists() and "pipe" in place.read_text():
            return
        time.sleep(0.05)
    time.sleep(2)


def test_a_batch_that_is_interrupted_takes_its_workers_along(tmp_path: Path) -> None:
    for number in range(400):
        (tmp_path / f"{number}.Dockerfile").write_text(
            "FROM debian\nRUN " + " && ".join(["true x"] * 60) + "\n"
        )
    child = subprocess.Popen(
        [*COMMAND, "batch", str(tmp_path), "--jobs", "2"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert child.stdout is not None
    child.stdout.readline()
    os.kill(child.pid, signal.SIGTERM)
    _, err = child.communicate(timeout=60)
    assert child.returncode in (0, 130)
    assert "Traceback" not in err
    with pytest.raises(ProcessLookupError):
        os.killpg(child.pid, 0)


def test_undecodable_names_and_locales(tmp_path: Path) -> None:
    name = os.fsencode(str(tmp_path)) + b"/caf\xe9"
    Path(os.fsdecode(name)).write_bytes(b"FORM \xff\n")
    for locale in ("C", "C.UTF-8", "POSIX"):
        done = subprocess.run(
            [sys.executable, "-m", "converter", "convert", name],
            capture_output=True, env={"LC_ALL": locale, "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        )  # fmt: skip
        assert done.returncode == 4
        assert b"caf\\xe9:1:1: error MS102" in done.stderr
