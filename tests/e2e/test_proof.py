"""`convert --build` in a real engine: it learns from layers, finds what a conversion lacks, and mends it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from converter.convert import convert
from converter.directory_context import DirectoryContext
from converter.dockerfile.reader import read
from converter.observed import Observed
from converter.outcome import Converted, Outcome, Refused
from converter.span import SourceText
from converter.verify.comparison import Intended
from converter.verify.engines.finding import engine
from converter.verify.proof import Conversion, Proof, prove
from converter.verify.verification import Request
from tests.e2e.lab import Lab

pytestmark = pytest.mark.lab

NOTES = """\
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends make gcc libc6-dev libsqlite3-dev jq gawk
RUN groupadd -r notes && useradd -r -g notes -m app
ENV WORD=blue
COPY app.c Makefile words.txt /src/
RUN make -C /src install
COPY start /usr/local/bin/start
COPY report /usr/local/bin/report
RUN mkdir -p /var/lib/notes && cp /src/words.txt /var/lib/notes/words.txt && chown -R app:notes /var/lib/notes
VOLUME /var/lib/notes
WORKDIR /var/lib/notes
USER app
ENTRYPOINT ["/usr/local/bin/start"]
"""
FILES = {
    "app.c": "#include <sqlite3.h>\n#include <stdio.h>\n"
    'int main(void) { printf("sqlite %d\\n", sqlite3_libversion_number() > 0); return 0; }\n',
    "Makefile": "install:\n\tgcc -o /usr/local/bin/app /src/app.c -lsqlite3\n"
    "\tmkdir -p /usr/local/share/app/more\n"
    "\tcp words.txt /usr/local/share/app/words.txt\n\tcp words.txt /usr/local/share/app/more/other.txt\n",
    "words.txt": "one two\n",
    "start": "#!/bin/sh\nset -e\napp\ncat /usr/local/share/app/words.txt\n"
    'echo \'{"a": 1}\' | jq .a\nreport </var/lib/notes/words.txt\necho "$WORD"\nexec sleep 300\n',
    "report": "#!/usr/bin/gawk -f\n{ print NF }\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The build context."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    return tmp_path


def proved(
    lab: Lab, folder: Path, text: str, damage: Callable[[str, Observed], str], reading: bool = True
) -> Proof:
    """What the loop comes to when each conversion is damaged before it is built; `reading` looks at the context."""
    (folder / "Dockerfile").write_text(text)
    context = DirectoryContext(str(folder), str(folder / "Dockerfile")) if reading else None

    def attempt(observed: Observed) -> Outcome:
        outcome = convert(text, context=context, observed=observed)
        if not isinstance(outcome, Converted):
            return outcome
        return Converted(damage(outcome.dockerfile, observed), outcome.plan, outcome.diagnostics)

    def written(dockerfile: str) -> str:
        path = folder / "converted.Dockerfile"
        path.write_text(dockerfile)
        return str(path)

    logs = folder.parent / f"{folder.name}-logs"
    logs.mkdir()
    request = Request(
        str(folder / "Dockerfile"), "", str(folder), str(logs), options=("--network=host",), seconds=600
    )
    conversion = Conversion(read(SourceText(text, "Dockerfile")), attempt, written, lambda _: Intended())
    with lab.alone():
        return prove(engine("docker", lab.environment), request, conversion)


def without(*parts: str) -> Callable[[str], str]:
    """The final stage without some words or lines."""

    def damaged(text: str) -> str:
        builder, mark, final = text.rpartition("\n\nFROM ")
        for part in parts:
            assert part in final, f"{part!r} is not in:\n{final}"
            final = final.replace(part, "")
        return builder + mark + final

    return damaged


def instead(old: str, new: str) -> Callable[[str], str]:
    """The final stage with something else."""

    def damaged(text: str) -> str:
        builder, mark, final = text.rpartition("\n\nFROM ")
        assert old in final, f"{old!r} is not in:\n{final}"
        return builder + mark + final.replace(old, new)

    return damaged


DAMAGES: dict[str, tuple[Callable[[str], str], str]] = {
    "a library": (without(" libsqlite3-0"), "package libsqlite3-0"),
    "a tool of the entry script": (without("jq "), "package jq"),
    "an interpreter": (without("gawk "), "package gawk"),
    "a data file": (
        without("COPY --from=builder /usr/local/share/app/words.txt /usr/local/share/app/words.txt\n"), "path",
    ),
    "the program": (without("COPY --from=builder /usr/local/bin/app /usr/local/bin/app\n"), "path"),
    "a variable": (without("ENV WORD=blue\n"), "ENV WORD"),
    "a moved uid": (instead("useradd -r", "useradd -u 555 -r"), "user app"),
    "a moved gid": (instead("groupadd -r", "groupadd -g 555 -r"), "group notes"),
    "the content of a volume": (
        without("COPY --from=builder /var/lib/notes/words.txt /var/lib/notes/words.txt\n"), "path",
    ),
    "several at once": (without(" libsqlite3-0", "jq ", "ENV WORD=blue\n"), "package jq"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DAMAGES)
def test_the_loop_mends(lab: Lab, folder: Path, kind: str) -> None:
    break_it, added = DAMAGES[kind]
    rounds = []

    def damage(text: str, observed: Observed) -> str:
        rounds.append(observed)
        return break_it(text) if len(rounds) == 1 else text

    proof = proved(lab, folder, NOTES, damage)
    assert isinstance(proof.outcome, Converted), proof.outcome
    assert [round.verification.verdict.value for round in proof.rounds] == ["different", "equal"]
    assert any(words.startswith(added) for words in proof.rounds[1].added)
    assert rounds[1] != rounds[0]


def test_what_cannot_be_mended_is_refused(lab: Lab, folder: Path) -> None:
    proof = proved(lab, folder, NOTES, lambda text, _: instead("USER app", "USER root")(text))
    assert isinstance(proof.outcome, Refused)
    assert proof.outcome.reason.code == "MS732"
    assert "User" in proof.outcome.reason.message


OPAQUE = """\
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends make
COPY setup /tmp/setup
RUN /tmp/setup && rm /tmp/setup
CMD ["/opt/tool/bin/tool"]
"""
SETUP = """#!/usr/bin/perl
mkdir $_ for "/opt/tool", "/opt/tool/bin", "/opt/tool/share";
open my $tool, ">", "/opt/tool/bin/tool" or die;
print $tool "#!/bin/sh\\ncat /opt/tool/share/word\\n";
chmod 0755, "/opt/tool/bin/tool";
open my $word, ">", "/opt/tool/share/word" or die;
print $word "learned\\n";
system("make --version") == 0 or die;
"""


def test_a_script_that_nobody_can_read_is_learned_from_its_layer(lab: Lab, folder: Path) -> None:
    (folder / "setup").write_text(SETUP)
    (folder / "setup").chmod(0o755)
    assert isinstance(convert(OPAQUE), Refused)
    proof = proved(lab, folder, OPAQUE, lambda text, _: text, reading=False)
    assert isinstance(proof.outcome, Converted), proof.outcome
    assert "COPY --from=builder /opt/tool /opt/tool\n" in proof.outcome.dockerfile
    assert "make" not in proof.outcome.dockerfile.partition("\n\nFROM ")[2]
    assert [round.verification.verdict.value for round in proof.rounds] == ["equal"]
