from __future__ import annotations

import json
from typing import Any

import pytest

from converter.catalogue import catalogue
from converter.diagnostics import Diagnostic, Severity
from converter.outcome import Converted, Failed, Invalid, Outcome, Refused, Unchanged
from converter.plan.model import (
    CopyReport,
    Estimate,
    GraphReport,
    NodeKind,
    PackageReport,
    Plan,
    StepReport,
    Verdict,
)
from converter.report.diff import unified
from converter.report.github import render as github
from converter.report.graph import dot, mermaid
from converter.report.json import render as json_line
from converter.report.record import record
from converter.report.result import Result
from converter.report.sarif import render as sarif
from converter.span import SourceText

SOURCE = SourceText("FROM a\nRUN b\n", "app/Dockerfile")
REASON = Diagnostic("MS401", Severity.ERROR, "tool box: 100 %", ("say, what:\nruns",), 2, 1, 2, 4)
PLAN = Plan(
    "a",
    "a-slim",
    (StepReport(2, 3, "b", Verdict.BUILD, "MS520", "why", "proven"),),
    (CopyReport("/x", "/y", "app", ("CMD line 3",), "because", "convention"),),
    PackageReport(("gcc",), ("libc",), ("libc",), True),
    Estimate(5, "one package"),
)
OUTCOMES: list[Outcome] = [
    Converted("FROM new\n", PLAN, (Diagnostic("MS502", Severity.NOTE, "no gain"),)),
    Unchanged(REASON),
    Unchanged(REASON, PLAN),
    Refused(REASON),
    Invalid(REASON),
    Failed(REASON),
]

KEYS = [
    "schema", "file", "outcome", "code", "message", "dockerfile", "builder_base", "final_base", "copies",
    "packages", "steps", "diagnostics", "estimate", "build",
]  # fmt: skip


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_record_has_the_keys_of_the_schema(outcome: Outcome) -> None:
    data = record(Result(SOURCE, outcome))
    assert list(data) == KEYS
    assert sorted(data["packages"]) == ["added", "build", "discovered_at_build", "final"]
    assert (data["outcome"] == "converted") == (data["code"] is None) == (data["dockerfile"] is not None)
    assert data["schema"] == 1


def test_the_record_of_a_conversion() -> None:
    data = json.loads(json_line(Result(SOURCE, OUTCOMES[0]), 0.25))
    assert data == {
        "schema": 1,
        "file": "app/Dockerfile",
        "outcome": "converted",
        "code": None,
        "message": "split into a builder stage on a and a final stage on a-slim",
        "dockerfile": "FROM new\n",
        "builder_base": "a",
        "final_base": "a-slim",
        "copies": [
            {
                "source": "/x",
                "destination": "/y",
                "chown": "app",
                "needed_by": ["CMD line 3"],
                "reason": "because",
                "basis": "convention",
            }
        ],
        "packages": {"build": ["gcc"], "final": ["libc"], "added": ["libc"], "discovered_at_build": True},
        "steps": [
            {
                "line": 2,
                "end_line": 3,
                "command": "b",
                "verdict": "build",
                "code": "MS520",
                "reason": "why",
                "basis": "proven",
            }
        ],
        "diagnostics": [
            {
                "code": "MS502",
                "severity": "note",
                "message": "no gain",
                "help": "",
                "line": None,
                "column": None,
                "end_line": None,
                "end_column": None,
            }
        ],
        "estimate": {"removed_bytes": 5, "from": "one package"},
        "build": None,
        "seconds": 0.25,
    }


def test_a_record_is_one_line_of_ascii_and_gives_any_text_back() -> None:
    text = "FROM ä\n\x1b\udce9\u2028\n"
    row = json_line(Result(SOURCE, Converted(text, PLAN)))
    assert row.isascii()
    assert "\n" not in row
    assert json.loads(row)["dockerfile"] == text


def sarif_log(outcome: Outcome) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(sarif((Result(SOURCE, outcome),)))
    return log


def test_sarif_of_a_finding() -> None:
    log = sarif_log(Refused(REASON))
    assert log["version"] == "2.1.0"
    [run] = log["runs"]
    [rule] = run["tool"]["driver"]["rules"]
    [result] = run["results"]
    assert (rule["id"], rule["defaultConfiguration"]) == ("MS401", {"level": "error"})
    assert result["ruleId"] == "MS401"
    assert result["level"] == "error"
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "app/Dockerfile"},
                "region": {"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 4},
            }
        }
    ]


def test_sarif_of_a_conversion_has_a_fix_of_the_whole_file() -> None:
    result = sarif_log(OUTCOMES[0])["runs"][0]["results"][0]
    assert result["ruleId"] == "MS600"
    [change] = result["fixes"][0]["artifactChanges"]
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 1, "startColumn": 1, "endLine": 3, "endColumn": 1},
            "insertedContent": {"text": "FROM new\n"},
        }
    ]


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("a b/Dockerfile", "a%20b/Dockerfile"),
        ("/abs/Dockerfile", "file:///abs/Dockerfile"),
        ("caf\udce9", "caf%E9"),
    ],
)
def test_sarif_names_files_as_uris(name: str, uri: str) -> None:
    log = json.loads(sarif((Result(SourceText("", name), Refused(REASON)),)))
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == uri


def test_sarif_of_nothing_is_a_run_without_results() -> None:
    assert json.loads(sarif(()))["runs"][0]["results"] == []


def test_github_escapes_what_would_end_a_command() -> None:
    assert github(Result(SOURCE, Refused(REASON))) == (
        "::error file=app/Dockerfile,title=multistage MS401,line=2,endLine=2,col=1,endColumn=4"
        "::tool box: 100 %25%0Asay, what:\\x0aruns\n"
    )


def test_github_escapes_commas_in_names() -> None:
    name = "a,b:c\n"
    assert "file=a%2Cb%3Ac\\x0a," in github(Result(SourceText("", name), Invalid(REASON)))


@pytest.mark.parametrize(
    ("before", "after", "diff"),
    [
        ("a\nb\n", "a\nb\n", ""),
        ("a\n", "b\n", "--- x\n+++ x\n@@ -1 +1 @@\n-a\n+b\n"),
        ("a\r\n", "b\r\n", "--- x\n+++ x\n@@ -1 +1 @@\n-a\r\n+b\r\n"),
        (
            "a",
            "b",
            "--- x\n+++ x\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n",
        ),
        ("a\u2028b\n", "a\u2028c\n", "--- x\n+++ x\n@@ -1 +1 @@\n-a\u2028b\n+a\u2028c\n"),
        ("", "a\n", "--- x\n+++ x\n@@ -0,0 +1 @@\n+a\n"),
    ],
)
def test_diffs(before: str, after: str, diff: str) -> None:
    assert unified("x", before, after) == diff


GRAPH = GraphReport(
    (
        ("s1", 'make "all" \\ <x>', NodeKind.BUILD),
        ("/x", "/x\x1b", NodeKind.PATH),
        ("r", "CMD #1", NodeKind.ROOT),
        ("p", "RUN rm", NodeKind.DROPPED),
        ("e", "EXPOSE 80", NodeKind.RUNTIME),
        ("w", "WORKDIR /", NodeKind.BOTH),
    ),
    (("s1", "/x", "writes"), ("/x", "r", "")),
)


def test_dot() -> None:
    assert dot(GRAPH) == (
        "digraph multistage {\n"
        "  rankdir=LR;\n"
        '  "s1" [label="make \\"all\\" \\\\ <x>", shape=box, style=filled];\n'
        '  "/x" [label="/x\\\\x1b", shape=ellipse];\n'
        '  "r" [label="CMD #1", shape=doubleoctagon];\n'
        '  "p" [label="RUN rm", shape=box, style=dashed];\n'
        '  "e" [label="EXPOSE 80", shape=box];\n'
        '  "w" [label="WORKDIR /", shape=box, peripheries=2];\n'
        '  "s1" -> "/x" [label="writes"];\n'
        '  "/x" -> "r" [label=""];\n'
        "}\n"
    )


def test_mermaid() -> None:
    assert mermaid(GRAPH) == (
        "flowchart LR\n"
        '  n0[/"make #quot;all#quot; \\ #lt;x#gt;"/]\n'
        '  n1(["/x\\x1b"])\n'
        '  n2{{"CMD #35;1"}}\n'
        '  n3>"RUN rm"]\n'
        '  n4["EXPOSE 80"]\n'
        '  n5[["WORKDIR /"]]\n'
        '  n0 -->|"writes"| n1\n'
        "  n1 --> n2\n"
    )


def test_every_kind_of_node_is_drawn_in_its_own_way() -> None:
    graph = GraphReport(tuple(("n", "x", kind) for kind in NodeKind))
    assert len(set(dot(graph).splitlines()[2:-1])) == len(NodeKind)
    assert len({row.replace(f"n{i}", "n") for i, row in enumerate(mermaid(graph).splitlines()[1:])}) == len(
        NodeKind
    )


def test_every_verdict_is_a_kind_of_node() -> None:
    assert {NodeKind(verdict) for verdict in Verdict} == set(NodeKind) - {NodeKind.PATH, NodeKind.ROOT}


@pytest.mark.parametrize("item", catalogue(), ids=lambda item: item.code)
def test_every_code_can_be_a_sarif_rule(item: Any) -> None:
    log = sarif_log(Refused(Diagnostic(item.code, item.severity, "x")))
    assert log["runs"][0]["tool"]["driver"]["rules"][0]["fullDescription"]["text"] == item.explanation
