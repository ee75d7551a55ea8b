"""Commands with limits: nothing goes on after its time, nothing is kept beyond its size."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from converter.diagnostics import Severity, diagnostic
from converter.verify.engines import process
from converter.verify.engines.process import Finished, Missing, Runner
from converter.verify.errors import VerifyError
from converter.verify.interrupts import held, interruptible

RUNNER = Runner({"PATH": os.environ["PATH"], "WORD": "blue"})


def shell(script: str) -> list[str]:
    return ["sh", "-c", script]


def _broken(content: bytes) -> None:
    raise VerifyError(diagnostic("MS704", Severity.ERROR, f"broken archive of {len(content)} bytes"))


def failed(done: Finished) -> VerifyError:
    return VerifyError(diagnostic("MS706", Severity.ERROR, f"{done.code} {done.timed_out} {done.err}"))


def test_both_outputs_and_the_code() -> None:
    done = RUNNER.run(shell("echo $WORD; echo red >&2; exit 3"), 10)
    assert done == Finished(3, "blue\n", "red\n")
    assert done.output == "blue\nred\n"


def test_a_program_that_is_not_there() -> None:
    with pytest.raises(Missing, match="no-such-program"):
        RUNNER.run(["no-such-program"], 10)


def test_a_limit_ends_a_command_and_its_children(tmp_path: Path) -> None:
    done = RUNNER.run(shell(f"echo early; sleep 60 & echo $! > {tmp_path}/pid; wait"), 0.2)
    assert (done.out, done.timed_out) == ("early\n", True)
    _await_end(int((tmp_path / "pid").read_text()))


def test_a_command_that_closes_its_outputs_has_the_same_limit() -> None:
    assert RUNNER.run(shell("exec >&- 2>&-; sleep 60"), 0.2).timed_out


def test_a_process_in_the_background_is_not_waited_for() -> None:
    begin = time.monotonic()
    done = RUNNER.run(shell("sleep 5 & echo done"), 10)
    assert done.out == "done\n"
    assert time.monotonic() - begin < 3


def test_endless_output_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "MAX_OUTPUT", 1000)
    assert len(RUNNER.run(shell("yes | head -c 1000000"), 10).out) == 1000


def test_bytes_that_are_no_text() -> None:
    assert RUNNER.run(["printf", r"a\377b"], 10).out == "a\ufffdb"


def test_a_log_has_both_outputs_in_order(tmp_path: Path) -> None:
    done = RUNNER.log(shell("echo one; echo two >&2; echo three; exit 1"), 10, str(tmp_path / "log"))
    assert (tmp_path / "log").read_text() == "one\ntwo\nthree\n" == done.out
    assert done.code == 1


def test_a_log_is_bounded_and_its_end_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "MAX_LOG", 100)
    done = RUNNER.log(shell("seq 1 200000; echo last"), 10, str(tmp_path / "log"))
    assert (tmp_path / "log").stat().st_size == 100
    assert done.out.endswith("200000\nlast\n")
    assert len(done.out) < 1 << 19


def test_a_stream_is_read_while_it_is_written() -> None:
    with RUNNER.stream(shell("echo one; sleep 0.05"), 10, failed) as stream:
        assert stream.readline() == b"one\n"


def test_a_stream_whose_command_fails() -> None:
    with (
        pytest.raises(VerifyError, match="3 False no room"),
        RUNNER.stream(shell("printf 'no room' >&2; exit 3"), 10, failed) as stream,
    ):
        assert stream.read() == b""


def test_a_reader_that_fails_because_the_command_did() -> None:
    with (
        pytest.raises(VerifyError, match="3 False no room"),
        RUNNER.stream(shell("printf 'no room' >&2; exit 3"), 10, failed) as stream,
    ):
        _broken(stream.read())


def test_a_reader_that_fails_by_itself() -> None:
    with (
        pytest.raises(VerifyError, match="broken archive"),
        RUNNER.stream(shell("echo x"), 10, failed) as stream,
    ):
        _broken(stream.read())


def test_a_stream_that_takes_too_long() -> None:
    with (
        pytest.raises(VerifyError, match="True"),
        RUNNER.stream(shell("exec sleep 60"), 0.1, failed) as stream,
    ):
        assert stream.read() == b""


def test_a_reader_may_stop_early() -> None:
    with RUNNER.stream(["yes"], 10, failed) as stream:
        assert stream.read(2) == b"y\n"


def test_an_interrupt_waits_for_the_end_of_what_holds_it() -> None:
    seen = []
    with pytest.raises(KeyboardInterrupt), interruptible(), held():  # noqa: PT012
        with held():
            os.kill(os.getpid(), signal.SIGTERM)
            seen.append("inner")
        seen.append("outer")
    assert seen == ["inner", "outer"]


def test_signals_do_afterwards_what_they_did() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with interruptible():
        assert signal.getsignal(signal.SIGTERM) is not before
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_process_that_does_not_heed_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "SECONDS_TO_END", 0.05)
    child = subprocess.Popen(
        shell("trap '' TERM; echo; while :; do sleep 1; done"), stdout=subprocess.PIPE, start_new_session=True
    )
    assert child.stdout is not None
    with child.stdout as out:
        out.readline()
        process.end(child)
    assert child.returncode == -signal.SIGKILL


def _await_end(number: int) -> None:
    end = time.monotonic() + 5
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return
        if state == "Z":
            return
        time.sleep(0.02)
    pytest.fail(f"process {number} still runs")
