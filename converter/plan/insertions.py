"""Text of ours between the author's lines: who it runs as."""

from converter.dockerfile.model import User
from converter.graph.model import Analysis


def as_root(analysis: Analysis, index: int, text: str) -> str:
    """The text between USER lines where the stage is not root's behind a step; the author's spelling of the user."""
    spelled = ""
    for step in analysis.steps[: index + 1]:
        if isinstance(step.instruction, User):
            spelled = step.instruction.name.text
    user = spelled or analysis.base.user
    return text if user.split(":")[0] in ("", "root", "0") else f"USER root\n{text}\nUSER {user}"
