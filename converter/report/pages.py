"""The catalogue for people: a list, the text of one code, and the Markdown pages of the documentation."""

from __future__ import annotations

import textwrap

from converter.catalogue import STAGES, Entry, Leads, catalogue
from converter.report.lines import Line, line

WIDTH = 96

_OUTCOMES = {
    Leads.INVALID: "The file is reported as invalid.",
    Leads.REFUSED: "The file is refused.",
    Leads.UNCHANGED: "The file is left unchanged.",
    Leads.FAILED: "The file is reported as failed.",
    Leads.ANY: "It is reported beside the outcome.",
    Leads.STEP: "It is the verdict of a step.",
}


def index_lines() -> tuple[Line, ...]:
    """All codes with their titles, under the stage that reports them."""
    lines: list[Line] = []
    for stage in STAGES.values():
        entries = [item for item in catalogue() if item.stage == stage]
        if entries:
            lines += [line()] if lines else []
            lines.append(line((stage.capitalize(), "title")))
            lines += [
                line(f"  {item.code}  ", (f"{item.severity.value:<8}", item.severity.value), item.title)
                for item in entries
            ]
    return tuple(lines)


def entry_lines(item: Entry) -> tuple[Line, ...]:
    """One code in full."""
    head = line(
        (f"{item.code}: {item.title}", "title"),
        f" ({item.stage}, ",
        (item.severity.value, item.severity.value),
        ")",
    )
    body = [*_wrapped(item.explanation), line(), *_wrapped(_OUTCOMES[item.outcome])]
    body += [
        line(),
        line(("What to do", "title")),
        *_wrapped(item.remedy),
        line(),
        line(("Example", "title")),
    ]
    rows = item.example.rstrip("\n").split("\n") if item.example else [item.situation]
    return (head, line(), *body, *(line(f"  {row}") for row in rows))


def all_pages() -> dict[str, str]:
    """File names and Markdown of the documentation: a page for each code, and the index."""
    made = {f"{item.code}.md": _page(item) for item in catalogue()}
    return {"README.md": _index(), **made}


def _wrapped(text: str) -> list[Line]:
    return [line(row) for row in textwrap.wrap(text, WIDTH)]


def _page(item: Entry) -> str:
    example = f"```dockerfile\n{item.example}```" if item.example else item.situation
    return (
        f"# {item.code}: {item.title}\n\n"
        f"Severity: {item.severity.value}. Reported by: {item.stage}. {_OUTCOMES[item.outcome]}\n\n"
        f"{item.explanation}\n\n## What to do\n\n{item.remedy}\n\n## Example\n\n{example}\n"
    )


def _index() -> str:
    rows = [
        f"| [{item.code}]({item.code}.md) | {item.severity.value} | {item.title} |" for item in catalogue()
    ]
    head = "Made from `converter/catalogue.toml` by `multistage codes --pages docs/diagnostics`.\n\n"
    return (
        "# Diagnostics\n\n"
        + head
        + "| code | severity | title |\n| --- | --- | --- |\n"
        + "\n".join(rows)
        + "\n"
    )
