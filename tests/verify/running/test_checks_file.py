"""checks.toml: what it may say, and what is said where it says something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from converter.verify.errors import VerifyError
from converter.verify.running.checks import (
    Allowed,
    Checks,
    Exec,
    Expected,
    Http,
    Run,
    StartWith,
    Tcp,
    Wait,
)
from converter.verify.running.checks_file import from_text, read_checks
from tests.golden.samples import buildable_samples

NO_PATTERN = "a pattern that is no regular expression: "

NO_END = "missing ), unterminated subpattern at position 0"

EVERYTHING = r"""
slow = true
mask = ["id=\\d+"]
[start]
options = ["--sysctl", "a=1"]
args = ["serve"]
env = { MODE = "x" }
[wait]
log = "ready.*"
seconds = 12.5
[[tcp]]
port = 1
send = "hi"
expect = "ho"
[[http]]
port = 2
path = "/x"
method = "POST"
headers = { Accept = "text/plain" }
body = "b"
status = 404
contains = "no"
mask = ["t=.*"]
[[exec]]
command = ["id", "-u"]
exit = 1
[[run]]
args = []
[[allow]]
finding = "^run"
reason = "known"
"""


def test_everything() -> None:
    checks = from_text(EVERYTHING, "checks.toml")
    http = Http(2, "/x", "POST", (("Accept", "text/plain"),), "b", Expected(404, None, "no", ("t=.*",)))
    assert checks == Checks(
        StartWith(("--sysctl", "a=1"), ("serve",), (("MODE", "x"),)),
        Wait(log="ready.*", seconds=12.5),
        (Tcp(1, "hi", Expected(expect="ho")),),
        (http,),
        (Exec(("id", "-u"), Expected(1)),),
        (Run(()),),
        ("id=\\d+",),
        (Allowed("^run", "known"),),
        slow=True,
    )
    assert checks.start.all_options == ("--sysctl", "a=1", "-e", "MODE=x")
    assert checks.ports == (1, 2)
    assert checks.masks(http) == ("id=\\d+", "t=.*")
    assert [type(check) for check in checks.in_container] == [Tcp, Http, Exec]


def test_nothing() -> None:
    assert from_text("", "checks.toml") == Checks()


@pytest.mark.parametrize(
    ("text", "message", "help"),
    [
        ("htpp = 1", "unknown key 'htpp'", "did you mean 'http'?"),
        ("colour = 1", "unknown key 'colour'", "known are slow, start, wait, tcp, http, exec, run, mask, allow"),
        ("[wait]\nprot = 80", "[wait]: unknown key 'prot'", "did you mean 'port'?"),
        ("[[run]]\nargs = []\n[[run]]\nargd = []", "[[run]] 2: unknown key 'argd'", "did you mean 'args'?"),
        ("[[exec]]", "[[exec]] 1: 'command' is missing", ""),
        ("[[exec]]\ncommand = []", "[[exec]] 1: 'command' must name a program", ""),
        ("[[run]]\nargs = 'id'", "[[run]] 1: 'args' must be a list of texts: args = [\"first\", \"second\"]", ""),
        ("[[exec]]\ncommand = ['id']\nexit = 'no'", "[[exec]] 1: 'exit' must be a whole number from 0 to 255", ""),
        ("[[run]]", "[[run]] 1: 'args' is missing", ""),
        ("[exec]\ncommand = ['id']", "'exec' is a list of tables: write [[exec]], not [exec]", ""),
        ("exec = 1", "'exec' must be a list of tables: write [[exec]]", ""),
        ("[[wait]]\nport = 1", "'wait' is one table: write [wait], not [[wait]]", ""),
        ("wait = 1", "'wait' must be a table: write [wait]", ""),
        ("[wait]\nport = 1\nlog = 'x'", "[wait]: port and log exclude each other: name one condition", ""),
        ("[wait]\nport = true", "[wait]: 'port' must be a whole number from 1 to 65535", ""),
        ("[wait]\nport = 0", "[wait]: 'port' must be a whole number from 1 to 65535", ""),
        ("[wait]\nseconds = 0", "[wait]: 'seconds' must be a number from 1 to 3600", ""),
        ("[wait]\nlog = '('", "[wait]: 'log' has " + NO_PATTERN + NO_END, ""),
        ("[wait]\nexit = 1", "[wait]: 'exit' must be true or false", ""),
        ("[start]\nenv = { A = 1 }", "[start]: 'env' must be names with texts: env = { NAME = \"value\" }", ""),
        ("[[tcp]]\nsend = 'x'", "[[tcp]] 1: 'port' is missing", ""),
        ("[[tcp]]\nport = 1\nsend = 5", "[[tcp]] 1: 'send' must be a text", ""),
        ("[[http]]\nport = 1\npath = 'x'", "[[http]] 1: 'path' must start with /", ""),
        ("[[http]]\nport = 1\nmethod = 'get it'", "[[http]] 1: 'method' must be a word such as GET or POST", ""),
        ("[[http]]\nport = 1\nstatus = 20", "[[http]] 1: 'status' must be a whole number from 100 to 599", ""),
        ("[[allow]]\nfinding = 'x'", "[[allow]] 1: 'reason' is missing", ""),
        ("mask = 'x'", "'mask' must be a list of texts: mask = [\"first\", \"second\"]", ""),
        ("mask = ['[']", "'mask' has " + NO_PATTERN + "unterminated character set at position 0", ""),
        ("a = ", "not valid TOML: Invalid value (at end of document)", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(text: str, message: str, help: str) -> None:
    with pytest.raises(VerifyError) as caught:
        from_text(text, "checks.toml")
    found = caught.value.diagnostic
    assert (found.code, found.message) == ("MS708", f"checks.toml: {message}")
    assert found.help == ((help,) if help else ())


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "checks.toml"
    with pytest.raises(VerifyError, match="cannot be read: no such file"):
        read_checks(str(path))
    path.write_bytes(b"# \xff")
    with pytest.raises(VerifyError, match="not UTF-8 text"):
        read_checks(str(path))
    path.write_bytes(b"#" * (1 << 20) + b"\n")
    with pytest.raises(VerifyError, match="larger than"):
        read_checks(str(path))


def test_all_samples_ask_something() -> None:
    for sample in buildable_samples():
        checks = read_checks(str(sample.checks))
        assert checks.in_container or checks.run, sample.name
        assert checks.wait.port or checks.wait.log or checks.wait.exit, sample.name
