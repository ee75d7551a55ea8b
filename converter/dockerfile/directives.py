"""Parser directives: `# name=value` lines at the very top of the file."""

from __future__ import annotations

import re
from itertools import pairwise

from converter.dockerfile.lines import BLANK, BYTE_ORDER_MARK, content_end
from converter.dockerfile.model import Directive
from converter.dockerfile.problem import Problem
from converter.span import Span

KNOWN = frozenset({"syntax", "escape", "check"})
DEFAULT_ESCAPE = "\\"

_DIRECTIVE = re.compile(r"#[\t\v\f\r ]*([A-Za-z][A-Za-z0-9]*)[\t\v\f\r ]*=[\t\v\f\r ]*(.+?)[\t\v\f\r ]*\Z")


def read(text: str, bounds: tuple[int, ...]) -> tuple[tuple[Directive, ...], str]:
    """The directives and the escape sign that is in force; a Problem where BuildKit rejects them."""
    found: dict[str, Directive] = {}
    escape = DEFAULT_ESCAPE
    for start, next_start in pairwise(bounds):
        end = content_end(text, start, next_start)
        line = text[start:end]
        shown = line.lstrip(BLANK + BYTE_ORDER_MARK if start == 0 else BLANK)
        match = _DIRECTIVE.match(shown)
        if match is None or (name := match[1].lower()) not in KNOWN:
            break
        span = Span(start + len(line) - len(shown), end)
        if name in found:
            raise Problem(
                f"only one {name} parser directive can be used",
                f"remove all but one `# {name}=` line",
                span=span,
            )
        found[name] = Directive(name, match[2], span)
        if name == "escape":
            escape = match[2]
            if escape not in ("\\", "`"):
                raise Problem(
                    f"the escape sign {escape!r} is neither a backslash nor a backquote",
                    "write `# escape=\\` or ``# escape=` ``",
                    span=span,
                )
    return tuple(found.values()), escape
