"""Installs of apt that nobody answers: apt asks before it installs more than it was told by name.

The author's own line may do without `-y`, since packages of earlier lines brought all that it needs. With fewer of
them in the final stage, another base or names that were added, it would ask there, and end the build.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from converter.graph.model import Analysis, Step
from converter.knowledge.images import BaseImage
from converter.knowledge.programs import answers_itself, asks
from converter.plan.marks import Marks
from converter.plan.packages.kept import is_exec_form
from converter.plan.split import Edit, Packages
from converter.shell.model import Pipeline, Simple
from converter.shell.walk import descendants, simple_commands
from converter.span import Span


def with_answers(analysis: Analysis, marks: Marks, packages: Packages, final: BaseImage) -> Packages:
    """Packages whose edits answer apt in each install of the final stage that may bring more than it names."""
    changed = packages.leaving or packages.added or packages.listed_at is not None
    if answers_itself(analysis.dockerfile.source.text) or not (changed or final != analysis.base):
        return packages
    edits = dict(packages.edits)
    for step in analysis.steps:
        if step.index not in marks.final or step.index in packages.dropped_steps or is_exec_form(step):
            continue
        answers = tuple(_answers(step))
        if answers:
            edits[step.index] = (*edits.get(step.index, ()), *answers)
    return replace(packages, edits=edits)


def _answers(step: Step) -> Iterator[Edit]:
    """`-y` behind the word install."""
    asking = {i.span for i in step.invocations if asks(i.name, i.arguments)}
    for command in _unfed(step) if asking else ():
        words = iter(command.words)
        asked = any(w.span in asking for w in words)
        install = next((w.span.end for w in words if w.text == "install"), None)
        if asked and install is not None:
            yield Edit(Span(install, install), " -y")


def _unfed(step: Step) -> Iterator[Simple]:
    """The commands of a step that read no other's output (`yes | apt-get install`)."""
    for member in step.members:
        fed = {
            command.span
            for pipeline in descendants(member.command)
            if isinstance(pipeline, Pipeline)
            for other in pipeline.commands[1:]
            for command in simple_commands(other)
        }
        yield from (c for c in simple_commands(member.command) if c.span not in fed)
