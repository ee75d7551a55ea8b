"""checks.toml: what is asked of a running container, and the asking.

The container is started, the wait condition awaited, then every `[[tcp]]`, `[[http]]` and `[[exec]]` check is
made in this order, the container is stopped, and every `[[run]]` check starts the image once more with other
arguments. The answers of two images are comparable: volatile parts are masked, and how the container ended is
an answer too.
"""

from __future__ import annotations

import http.client
import re
import socket
import subprocess
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.e2e.lab import Lab

ALLOWED = {
    "": {"slow", "start", "wait", "tcp", "http", "exec", "run", "mask", "allow"},
    "start": {"options", "args", "env"},
    "wait": {"port", "log", "exit", "seconds"},
    "tcp": {"port", "send", "expect"},
    "http": {"port", "path", "method", "headers", "status", "expect", "contains", "mask"},
    "exec": {"command", "exit", "expect", "contains", "mask"},
    "run": {"args", "exit", "expect", "contains", "mask"},
    "allow": {"finding", "reason"},
}


class CheckFailed(AssertionError):
    """An image does not do what its checks.toml says."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an image answered to one check."""

    question: str
    text: str


def load(path: Path) -> dict[str, Any]:
    """The checks of one sample; a key that means nothing is an error."""
    checks = tomllib.loads(path.read_text())
    for section, value in ({"": checks} | checks).items():
        for table in value if isinstance(value, list) else [value]:
            if isinstance(table, dict) and (unknown := set(table) - ALLOWED[section]):
                raise ValueError(f"{path}: unknown keys in [{section}]: {', '.join(sorted(unknown))}")
    return checks


def run(lab: Lab, image: str, checks: dict[str, Any]) -> tuple[Answer, ...]:
    """Make all checks on an image; raises CheckFailed where an answer is not the expected one."""
    answers: list[Answer] = []
    with started(lab, image, checks) as container:
        address = lab.docker("inspect", "-f", "{{.NetworkSettings.IPAddress}}", container).strip()
        answers += [tcp(address, check) for check in checks.get("tcp", [])]
        answers += [request(address, check, masks(checks, check)) for check in checks.get("http", [])]
        answers += [
            command(lab, ["exec", container, *check["command"]], check, masks(checks, check))
            for check in checks.get("exec", [])
        ]
        answers.append(stopped(lab, container))
    options = checks.get("start", {}).get("options", [])
    for check in checks.get("run", []):
        arguments = ["run", "--rm", *options, image, *check["args"]]
        answers.append(command(lab, arguments, check, masks(checks, check)))
    return tuple(answers)


@contextmanager
def started(lab: Lab, image: str, checks: dict[str, Any]) -> Iterator[str]:
    """A container of the image that fulfils the wait condition; it is removed at the end."""
    start = checks.get("start", {})
    variables = [part for key, value in start.get("env", {}).items() for part in ("-e", f"{key}={value}")]
    options = [*start.get("options", []), *variables]
    container = lab.docker("run", "-d", *options, image, *start.get("args", [])).strip()
    try:
        await_condition(lab, container, checks.get("wait", {}))
        yield container
    finally:
        lab.docker("rm", "-fv", container)


def await_condition(lab: Lab, container: str, wait: dict[str, Any]) -> None:
    """Return when the condition holds; raise CheckFailed with the log when it does not in time."""
    deadline = time.monotonic() + wait.get("seconds", 30)
    while time.monotonic() < deadline:
        state, address = (
            lab.docker("inspect", "-f", "{{.State.Running}} {{.NetworkSettings.IPAddress}}", container)
            .rstrip("\n")
            .split(" ")
        )
        if wait.get("exit"):
            if state == "false":
                return
        elif state == "false":
            break
        elif "port" in wait:
            if is_open(address, wait["port"]):
                return
        elif re.search(wait.get("log", ""), lab.docker("logs", container, both=True)):
            return
        time.sleep(0.1)
    raise CheckFailed(f"not ready ({wait}); its log:\n{lab.docker('logs', container, both=True)}")


def is_open(address: str, port: int) -> bool:
    """Whether somebody listens."""
    try:
        socket.create_connection((address, port), timeout=1).close()
    except OSError:
        return False
    return True


def stopped(lab: Lab, container: str) -> Answer:
    """How the container ends when it is asked to: by its signal or by force, and with which status."""
    begin = time.monotonic()
    lab.docker("stop", "-t", "4", container)
    how = "by its signal" if time.monotonic() - begin < 3 else "by force"
    status = lab.docker("inspect", "-f", "{{.State.ExitCode}}", container).strip()
    return Answer("stop", f"{how}, exit status {status}")


def tcp(address: str, check: dict[str, Any]) -> Answer:
    """Send bytes, read what comes back until the expected length, the end, or two seconds of silence."""
    expected = check.get("expect")
    received = b""
    with socket.create_connection((address, check["port"]), timeout=5) as peer:
        peer.sendall(check.get("send", "").encode())
        peer.settimeout(2)
        while expected is None or len(received) < len(expected.encode()):
            try:
                part = peer.recv(65536)
            except TimeoutError:
                break
            if not part:
                break
            received += part
    question = f"tcp {check['port']} {check.get('send', '')!r}"
    return judged(question, received.decode(errors="replace"), check, ())


def request(address: str, check: dict[str, Any], patterns: tuple[str, ...]) -> Answer:
    """Make one HTTP request; the answer is status, content type and body."""
    connection = http.client.HTTPConnection(address, check["port"], timeout=10)
    method, path = check.get("method", "GET"), check.get("path", "/")
    connection.request(method, path, headers=check.get("headers", {}))
    response = connection.getresponse()
    body = response.read().decode(errors="replace")
    connection.close()
    question = f"http {method} {path}"
    if response.status != check.get("status", 200):
        raise CheckFailed(
            f"{question}: status {response.status}, expected {check.get('status', 200)}\n{body}"
        )
    heading = f"{response.status} {response.headers.get('Content-Type')}\n"
    answer = judged(question, body, check, patterns)
    return Answer(question, heading + answer.text)


def command(lab: Lab, arguments: list[str], check: dict[str, Any], patterns: tuple[str, ...]) -> Answer:
    """Run docker with the arguments; the answer is exit status and both outputs."""
    done = subprocess.run(
        ["docker", *arguments],
        capture_output=True,
        text=True,
        errors="replace",
        env=lab.environment,
        timeout=60,
    )
    question = " ".join([arguments[0], *(check.get("command") or check.get("args") or [])])
    output = done.stdout + done.stderr
    if done.returncode != check.get("exit", 0):
        raise CheckFailed(
            f"{question}: exit status {done.returncode}, expected {check.get('exit', 0)}\n{output}"
        )
    return judged(question, output, check, patterns)


def masks(checks: dict[str, Any], check: dict[str, Any]) -> tuple[str, ...]:
    """Patterns of what may differ in an answer: those of the file and those of the check."""
    return (*checks.get("mask", ()), *check.get("mask", ()))


def judged(question: str, text: str, check: dict[str, Any], patterns: tuple[str, ...]) -> Answer:
    """The answer with its volatile parts masked; raises CheckFailed when it is not the expected one."""
    if "expect" in check and text != check["expect"]:
        raise CheckFailed(f"{question}: got {text!r}, expected {check['expect']!r}")
    if check.get("contains", "") not in text:
        raise CheckFailed(f"{question}: {check['contains']!r} is not in {text!r}")
    for pattern in patterns:
        text = re.sub(pattern, "…", text)
    return Answer(question, text)
