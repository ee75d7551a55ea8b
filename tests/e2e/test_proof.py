"""`convert --build` in a real engine: it learns from layers, finds what a conversion lacks, and mends it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from converter.convert import convert
from converter.directory_context import DirectoryContext
from converter.dockerfile.model import Env
from converter.dockerfile.reader import read
from converter.effects.places import within
from converter.emit import check
from converter.graph.model import Analysis
from converter.knowledge.images import BaseImage
from converter.knowledge.packages import runtime_part
from converter.observed import Observed
from converter.options import Options
from converter.outcome import Converted, Outcome, Refused
from converter.plan import planner
from converter.plan.additions import pinned_ids
from converter.plan.copies import copying
from converter.plan.copies.artifacts import Copies, choose_artifacts
from converter.plan.evidence.ground import Ground
from converter.plan.marks import Marks
from converter.plan.packages import kept, remaining
from converter.plan.split import Edit
from converter.plan.steps.ambient import place_ambient
from converter.span import SourceText
from converter.verify.comparison import Intended
from converter.verify.engines.finding import engine
from converter.verify.proof import Conversion, Proof, prove
from converter.verify.verification import Request
from tests.e2e.lab import Lab

pytestmark = pytest.mark.lab

NOTES = """\
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends make gcc libc6-dev libsqlite3-dev libyaml-dev \
	jq gawk
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
    "app.c": "#include <dlfcn.h>\n#include <sqlite3.h>\n#include <stdio.h>\nint main(void) {\n"
    '\tprintf("sqlite %d\\n", sqlite3_libversion_number() > 0);\n'
    '\treturn dlopen("libyaml-0.so.2", RTLD_NOW) == 0;\n}\n',
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
    lab: Lab,
    folder: Path,
    text: str,
    damage: Callable[[str], str] = lambda text: text,
    reading: bool = True,
    options: Options | None = None,
) -> Proof:
    """What the loop comes to; `damage` is done to every conversion, `reading` looks at the context."""
    (folder / "Dockerfile").write_text(text)
    context = DirectoryContext(str(folder), str(folder / "Dockerfile")) if reading else None

    def attempt(observed: Observed) -> Outcome:
        outcome = convert(text, context=context, options=options, observed=observed)
        if not isinstance(outcome, Converted):
            return outcome
        return Converted(damage(outcome.dockerfile), outcome.plan, outcome.diagnostics)

    def written(dockerfile: str) -> str:
        path = folder / "converted.Dockerfile"
        path.write_text(dockerfile)
        return str(path)

    logs = folder.parent / f"{folder.name}-logs"
    logs.mkdir()
    request = Request(
        str(folder / "Dockerfile"), "", str(folder), str(logs), options=("--network=host",), seconds=600
    )
    conversion = Conversion(
        read(SourceText(text, "Dockerfile")), attempt, written, lambda _: Intended(own_labels=frozenset())
    )
    with lab.alone():
        return prove(engine("docker", lab.environment), request, conversion)


Damage = Callable[[pytest.MonkeyPatch], None]
"""Makes the plan forget something for good: only what is observed can bring it back."""


def no_libraries_of(package: str) -> Damage:
    """No table knows which libraries a -dev package brings."""

    def damaged(patch: pytest.MonkeyPatch) -> None:
        def part(manager: str, name: str, suite: str | None) -> tuple[str, ...] | None:
            return () if name == package else runtime_part(manager, name, suite)

        patch.setattr(remaining, "runtime_part", part)

    return damaged


def without_package(name: str) -> Damage:
    """A package is believed to be build time only."""

    def damaged(patch: pytest.MonkeyPatch) -> None:
        choose = kept._choose

        def chosen(*arguments: Any) -> kept._Choice:
            found = choose(*arguments)
            return replace(found, stays=False) if found.package.name == name else found

        patch.setattr(kept, "_choose", chosen)

    return damaged


def without_copy(path: str) -> Damage:
    """A path that is written is believed to be build time only, unless a comparison says that it was missing."""

    def damaged(patch: pytest.MonkeyPatch) -> None:
        def chosen(ground: Ground, marks: Marks, base: BaseImage) -> Copies:
            found = choose_artifacts(ground, marks, base)
            missed = [p.rstrip("/") for paths in ground.analysis.observed.paths.values() for p in paths]
            kept = tuple(
                a for a in found.artifacts if a.source != path or any(within(path, p) for p in missed)
            )
            return replace(found, artifacts=kept)

        patch.setattr(copying, "choose_artifacts", chosen)

    return damaged


def without_variable(name: str) -> Damage:
    """A variable is believed to be of the builder alone; the self-check, which would see it, looks away."""

    def damaged(patch: pytest.MonkeyPatch) -> None:
        def placed(ground: Ground, marks: Marks) -> None:
            place_ambient(ground, marks)
            for step in marks.steps:
                if isinstance(step.instruction, Env) and step.instruction.pairs[0][0].text == name:
                    marks.final.discard(step.index)

        patch.setattr(planner, "place_ambient", placed)
        patch.setattr(check, "complaints", lambda *_: ())

    return damaged


def with_number(kind: str, name: str, number: int) -> Damage:
    """An account gets a number that another had before, unless it is known which one it had."""

    def damaged(patch: pytest.MonkeyPatch) -> None:
        def pinned(analysis: Analysis, marks: Marks) -> Mapping[int, tuple[Edit, ...]]:
            known = {**getattr(analysis.observed, kind)}
            known.setdefault(name, number)
            return pinned_ids(replace(analysis, observed=replace(analysis.observed, **{kind: known})), marks)

        patch.setattr(planner, "pinned_ids", pinned)

    return damaged


DAMAGES: dict[str, tuple[tuple[Damage, ...], str]] = {
    "a library": ((no_libraries_of("libsqlite3-dev"),), "package libsqlite3-0"),
    "a library that is loaded by its name": ((no_libraries_of("libyaml-dev"),), "package libyaml-0-2"),
    "a tool of the entry script": ((without_package("jq"),), "package jq"),
    "an interpreter": ((without_package("gawk"),), "package gawk"),
    "a data file": ((without_copy("/usr/local/share/app/words.txt"),), "path /usr/local/share/app"),
    "a folder of data": ((without_copy("/usr/local/share/app/more/other.txt"),), "path /usr/local/share/app"),
    "the program": ((without_copy("/usr/local/bin/app"),), "path /usr/local/bin/app"),
    "a variable": ((without_variable("WORD"),), "ENV WORD"),
    "a moved uid": ((with_number("users", "app", 555),), "user app"),
    "a moved gid": ((with_number("groups", "notes", 555),), "group notes"),
    "the content of a volume": ((without_copy("/var/lib/notes/words.txt"),), "path /var/lib/notes"),
    "several at once": (
        (no_libraries_of("libsqlite3-dev"), without_package("jq"), without_variable("WORD")), "package jq",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", DAMAGES)
def test_the_loop_mends(lab: Lab, folder: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    damages, added = DAMAGES[kind]
    for damage in damages:
        damage(monkeypatch)
    proof = proved(lab, folder, NOTES)
    assert isinstance(proof.outcome, Converted), proof.outcome
    verdicts = [round.verification.verdict.value for round in proof.rounds]
    assert (verdicts[0], verdicts[-1]) == ("different", "equal")
    assert any(words.startswith(added) for round in proof.rounds[1:] for words in round.added)


def test_a_good_plan_needs_one_round(lab: Lab, folder: Path) -> None:
    proof = proved(lab, folder, NOTES)
    assert isinstance(proof.outcome, Converted), proof.outcome
    assert [round.verification.verdict.value for round in proof.rounds] == ["equal"]


def instead(old: str, new: str) -> Callable[[str], str]:
    """The final stage with something else."""

    def damaged(text: str) -> str:
        builder, mark, final = text.rpartition("\n\nFROM ")
        assert old in final, f"{old!r} is not in:\n{final}"
        return builder + mark + final.replace(old, new)

    return damaged


def test_what_cannot_be_mended_is_refused(lab: Lab, folder: Path) -> None:
    proof = proved(lab, folder, NOTES, instead("USER app", "USER root"))
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
    proof = proved(lab, folder, OPAQUE, reading=False)
    assert isinstance(proof.outcome, Converted), proof.outcome
    assert "COPY --from=builder /opt/tool /opt/tool\n" in proof.outcome.dockerfile
    assert "make" not in proof.outcome.dockerfile.partition("\n\nFROM ")[2]
    assert [round.verification.verdict.value for round in proof.rounds] == ["equal"]


ALONE = """\
FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev
COPY alone.c /src/
RUN gcc -o /usr/local/bin/alone /src/alone.c
USER 1000
WORKDIR /
CMD ["/usr/local/bin/alone"]
"""
C_PROGRAM = """\
#include <stdio.h>
#include <unistd.h>
int main(void) {{
\tif (access("{path}", R_OK)) return 1;
\tputs("ready");
\tfflush(stdout);
\treturn sleep(300);
}}
"""


@pytest.mark.parametrize(
    ("path", "verdicts", "base"),
    [
        ("/etc/passwd", ["equal"], "gcr.io/distroless/static-debian12"),
        ("/etc/login.defs", ["different", "equal"], "debian:bookworm-slim"),
    ],
    ids=["enough", "not enough"],
)
def test_a_program_of_which_all_is_known_stands_alone(
    lab: Lab, folder: Path, path: str, verdicts: list[str], base: str
) -> None:
    (folder / "alone.c").write_text(C_PROGRAM.format(path=path))
    proof = proved(lab, folder, ALONE, options=Options(final_base="smallest"))
    assert isinstance(proof.outcome, Converted), proof.outcome
    assert [round.verification.verdict.value for round in proof.rounds] == verdicts
    assert proof.outcome.plan.final_base == base
    assert [round.added for round in proof.rounds[1:]] == [("more than gcr.io/distroless/static-debian12",)][
        : len(verdicts) - 1
    ]
