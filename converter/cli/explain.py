"""`multistage explain`: why each step is build time or run time, what is copied and for whom."""

from __future__ import annotations

import argparse
import sys

from converter.cli import arguments as shared
from converter.cli import output
from converter.cli.exit_codes import of_outcome
from converter.errors import UsageError
from converter.files.conversion import run as convert_file
from converter.report.explain import explanation_lines
from converter.report.result import Result


def add(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    shared.add_dockerfile(parser)
    parser.add_argument("--graph", choices=("dot", "mermaid"), help="print the dependency graph instead")
    shared.add_conversion(parser)
    group = parser.add_argument_group("report")
    group.add_argument("--format", choices=("text", "json"), help="the explanation's form (default: text)")
    shared.add_common(group)


def run(arguments: argparse.Namespace) -> int:
    """Convert without writing, and print what was decided; returns the exit code."""
    settings = shared.settings(arguments, shared.folder_of(arguments.dockerfile))
    result = convert_file(arguments.dockerfile, settings, graph=arguments.graph is not None)
    if arguments.graph is not None:
        _draw(result, arguments.graph)
    elif settings.format == "json":
        from converter.report.json import render

        sys.stdout.write(render(result) + "\n")
    else:
        output.say(explanation_lines(result), settings.color, sys.stdout)
    return of_outcome(result.outcome)


def _draw(result: Result, form: str) -> None:
    from converter.report import graph

    if result.plan is None or result.plan.graph is None:
        raise UsageError(f"{result.source.name}: there is no graph: {result.message}")
    sys.stdout.write(graph.dot(result.plan.graph) if form == "dot" else graph.mermaid(result.plan.graph))
