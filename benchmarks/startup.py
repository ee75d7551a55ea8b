"""What starting the command costs: whole processes, interleaved, CPU of each and its children."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

SMALL = """\
FROM debian:bookworm
RUN apt-get update && apt-get install -y gcc libc6-dev
COPY hello.c /src/
RUN gcc -o /usr/local/bin/hello /src/hello.c
CMD ["hello"]
"""


@dataclass(frozen=True, slots=True)
class Start:
    """One command: median CPU and wall time of its process, in milliseconds."""

    name: str
    cpu: float
    wall: float


def measure(rounds: int) -> list[Start]:
    """Run each command once a round, so that a busy moment of the machine touches all of them."""
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "Dockerfile"
        small.write_text(SMALL)
        module = Path(folder) / "small.py"
        module.write_text("x = 1\n")
        commands = _commands(small, module)
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        for _ in range(rounds + 1):
            for name, command in commands.items():
                times[name].append(_run(command))
    return [
        Start(name, *(statistics.median(column) for column in zip(*pairs[1:], strict=True)))
        for name, pairs in times.items()
    ]


def lines(starts: list[Start]) -> list[str]:
    """The report: times, and their ratio to the first and to black, where it is there."""
    rows = [f"{'start-up':28} {'CPU ms':>8} {'wall ms':>8} {'/ python':>9} {'/ black':>9}"]
    black = next((start.cpu for start in starts if start.name == "black small.py"), None)
    for start in starts:
        of_black = f"{start.cpu / black:9.2f}" if black else f"{'-':>9}"
        of_python = f"{start.cpu / starts[0].cpu:9.2f}"
        rows.append(f"{start.name:28} {start.cpu:8.0f} {start.wall:8.0f} {of_python} {of_black}")
    return rows


def _commands(dockerfile: Path, module: Path) -> dict[str, list[str]]:
    scripts = Path(sysconfig.get_path("scripts"))
    multistage = [str(scripts / "multistage")]
    if not Path(multistage[0]).exists():
        multistage = [sys.executable, "-m", "converter"]
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "multistage --version": [*multistage, "--version"],
        "multistage convert (small)": [*multistage, "convert", "--no-config", str(dockerfile)],
    }
    black = scripts / "black"
    if black.exists():
        commands["black --version"] = [str(black), "--version"]
        commands["black small.py"] = [str(black), "-q", str(module)]
    return commands


def _run(command: list[str]) -> tuple[float, float]:
    """CPU and wall time of one process, in milliseconds."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return 1000 * cpu, 1000 * wall
