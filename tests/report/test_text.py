from __future__ import annotations

import pytest

from converter.diagnostics import Diagnostic, Severity
from converter.outcome import Converted, Failed, Unchanged
from converter.plan.model import CopyReport, PackageReport, Plan, StepReport, Verdict
from converter.report.explain import explanation_lines
from converter.report.lines import plain
from converter.report.result import Result
from converter.report.text import VERBOSE, finding_lines, report_lines, size
from converter.span import SourceText

SOURCE = SourceText("FROM a\n\tRUN\tb \x1b c\nLAST", "app/Dockerfile")


@pytest.mark.parametrize(
    ("place", "excerpt"),
    [
        ((None, None, None, None), []),
        ((1, None, None, None), ["    1 | FROM a"]),
        ((1, 1, 1, 5), ["    1 | FROM a", "      | ^^^^"]),
        ((1, 6, 1, 7), ["    1 | FROM a", "      |      ^"]),
        # a tab is four columns, a character that is written out as many as it has
        ((2, 6, 2, 7), ["    2 |     RUN    b \\x1b c", "      |            ^"]),
        ((2, 8, 2, 11), ["    2 |     RUN    b \\x1b c", "      |              ^^^^^^"]),
        # to the line's end where it goes on
        ((1, 6, 3, 2), ["    1 | FROM a", "      |      ^"]),
        ((3, 1, 3, 1), ["    3 | LAST", "      | ^"]),
        ((9, 1, 9, 2), []),
    ],
)
def test_the_caret_stands_under_what_is_meant(
    place: tuple[int | None, int | None, int | None, int | None], excerpt: list[str]
) -> None:
    finding = Diagnostic("MS301", Severity.WARNING, "m", ("do this", "or that"), *place)
    rows = plain(finding_lines(SOURCE, finding)).splitlines()
    where = "" if place[0] is None else f":{place[0]}" + ("" if place[1] is None else f":{place[1]}")
    assert rows[0] == f"app/Dockerfile{where}: warning MS301: m"
    assert rows[1:-2] == excerpt
    assert rows[-2:] == ["  help: do this", "  help: or that"]


def test_a_finding_that_is_the_reason_too_is_said_once() -> None:
    reason = Diagnostic("MS501", Severity.NOTE, "nothing to gain")
    other = Diagnostic("MS503", Severity.NOTE, "a slim tag")
    result = Result(SOURCE, Unchanged(reason, None, (other, reason)))
    assert result.findings == (reason, other)


def test_a_bug_asks_for_a_report() -> None:
    text = plain(report_lines(Result(SOURCE, Failed(Diagnostic("MS601", Severity.ERROR, "no")))))
    assert "Please report it" in text


PLAN = Plan(
    "golang:1.22",
    "debian:bookworm-slim",
    (
        StepReport(3, 3, "go build -o /srv/app .", Verdict.BUILD, "MS520", "needs go", "proven"),
        StepReport(4, 4, "x" * 200, Verdict.RUNTIME, "MS521", "kept", "proven"),
    ),
    (
        CopyReport(
            "/srv/app", "/app", "app:app", ("CMD line 5", "HEALTHCHECK line 6"), "its output", "proven"
        ),
    ),
    PackageReport(("git",), ("libpq5",), ("libpq5",), True),
)


def test_steps_are_listed_when_verbose() -> None:
    rows = plain(report_lines(Result(SOURCE, Converted("x", PLAN)), VERBOSE)).splitlines()
    assert "  copied    /srv/app to /app" in rows
    assert "  added     libpq5" in rows
    assert "  libraries listed by the builder while it builds" in rows
    assert "    3 | build   go build -o /srv/app ." in rows
    assert "      |         MS520: needs go (proven)" in rows
    assert max(len(row) for row in rows) < 110


def test_the_explanation() -> None:
    assert plain(explanation_lines(Result(SOURCE, Converted("x", PLAN)))).splitlines()[:12] == [
        "app/Dockerfile: converted: split into a builder stage on golang:1.22 and a final stage on "
        "debian:bookworm-slim",
        "  builder golang:1.22",
        "  final   debian:bookworm-slim",
        "",
        "Steps",
        "    3 | build   go build -o /srv/app .",
        "      |         MS520: needs go (proven)",
        "    4 | runtime " + "x" * 87 + "...",
        "      |         MS521: kept (proven)",
        "",
        "Copied from the builder",
        "  /srv/app to /app, owned by app:app",
    ]
    assert "    needed by HEALTHCHECK line 6" in plain(
        explanation_lines(Result(SOURCE, Converted("x", PLAN)))
    )


def test_the_explanation_without_a_plan_is_the_finding() -> None:
    result = Result(SOURCE, Unchanged(Diagnostic("MS120", Severity.NOTE, "already multi-stage")))
    assert plain(explanation_lines(result)) == (
        "app/Dockerfile: note MS120: already multi-stage\napp/Dockerfile: unchanged\n"
    )


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (312_400_000, "312 MB"), (2_500_000_000, "2.5 GB")],
)
def test_sizes(count: int, text: str) -> None:
    assert size(count) == text
