"""The self-check finds what a result lacks."""

from __future__ import annotations

from msgspec.structs import replace

from converter.dockerfile.pragmas import pragmas
from converter.dockerfile.reader import read
from converter.emit.check import complaints
from converter.emit.dockerfile import emit
from converter.graph.analysis import analyse
from converter.graph.model import Analysis
from converter.options import Options
from converter.plan.planner import plan
from converter.plan.split import Split
from converter.span import SourceText

TEXT = (
    "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc make libssl-dev\n"
    'COPY . /src\nRUN make -C /src install PREFIX=/usr/local\nCMD ["/usr/local/bin/server"]\n'
)


def _converted(original: str) -> tuple[Analysis, Split, str]:
    dockerfile = read(SourceText(original, "Dockerfile"))
    analysis = analyse(dockerfile, pragmas(dockerfile), None, {})
    split = plan(analysis, Options())
    assert isinstance(split, Split)
    text = emit(analysis, split)
    assert complaints(analysis, split, text, {}) == ()
    return analysis, split, text


def test_an_added_package_that_no_line_installs_is_a_fault() -> None:
    analysis, split, text = _converted(TEXT)
    packages = replace(split.packages, added=(*split.packages.added, "libss"))
    assert complaints(analysis, replace(split, packages=packages), text, {}) == (
        "the package libss is added and not installed",
    )


def test_a_path_that_no_copy_brings_is_a_fault() -> None:
    analysis, split, text = _converted(TEXT)
    wrong = text.replace("COPY --from=builder /usr/local ", "COPY --from=builder /usr/loca ")
    assert complaints(analysis, split, wrong, {}) == ("/usr/local is not copied to /usr/local",)


def test_a_variable_counts_where_the_final_stage_declares_it() -> None:
    text = TEXT.replace("COPY .", "ARG DIR=/usr/local\nCOPY .")
    analysis, split, text = _converted(text)
    spelled = text.replace("COPY --from=builder /usr/local ", "COPY --from=builder ${DIR} ")
    missing = ("/usr/local is not copied to /usr/local",)
    assert complaints(analysis, split, spelled, {}) == missing
    declared = spelled.replace("COPY --from", "ARG DIR=/usr/local\nCOPY --from")
    assert complaints(analysis, split, declared, {}) == ()
    assert complaints(analysis, split, declared, {"DIR": "/opt"}) == missing
