"""The self-check finds what a result lacks."""

from __future__ import annotations

from msgspec.structs import replace

from converter.dockerfile.pragmas import pragmas
from converter.dockerfile.reader import read
from converter.emit.check import complaints
from converter.emit.dockerfile import emit
from converter.graph.analysis import analyse
from converter.options import Options
from converter.plan.planner import plan
from converter.plan.split import Split
from converter.span import SourceText

TEXT = (
    "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc make libssl-dev\n"
    'COPY . /src\nRUN make -C /src install\nCMD ["/usr/local/bin/server"]\n'
)


def test_an_added_package_that_no_line_installs_is_a_fault() -> None:
    dockerfile = read(SourceText(TEXT, "Dockerfile"))
    analysis = analyse(dockerfile, pragmas(dockerfile), None, {})
    split = plan(analysis, Options())
    assert isinstance(split, Split)
    text = emit(analysis, split)
    assert complaints(analysis, split, text, {}) == ()
    packages = replace(split.packages, added=(*split.packages.added, "libss"))
    assert complaints(analysis, replace(split, packages=packages), text, {}) == (
        "the package libss is added and not installed",
    )
