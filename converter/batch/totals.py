"""What a batch came to: files by outcome and by reason, with an example of each, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from converter.batch.work import Done
from converter.report.lines import Line, line
from converter.report.text import size

KINDS = ("converted", "unchanged", "refused", "invalid", "failed")
_STYLES = {
    "converted": "good",
    "unchanged": "note",
    "refused": "warning",
    "invalid": "error",
    "failed": "error",
}


class Totals(Struct):
    """Counts that grow with each file."""

    kinds: Counter[str] = field(default_factory=Counter)
    codes: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], str] = field(default_factory=dict)
    removed_bytes: int = 0
    known: set[str] = field(default_factory=set)

    def add(self, done: Done) -> None:
        """Count one file."""
        self.known.add(done.file)
        self.kinds[done.kind] += 1
        if done.code is not None:
            self.codes[done.kind, done.code] += 1
            self.examples.setdefault((done.kind, done.code), done.file)
        elif done.kind == "converted":
            self.removed_bytes += done.removed_bytes

    def add_record(self, record: Mapping[str, Any]) -> None:
        """Count one file by its line in a report."""
        estimate = record.get("estimate") or {}
        self.add(
            Done(
                file=record["file"],
                kind=record["outcome"],
                code=record["code"],
                message=record["message"],
                removed_bytes=estimate.get("removed_bytes", 0),
            )
        )

    @property
    def files(self) -> int:
        """How many files were counted."""
        return self.kinds.total()

    def lines(self, seconds: float) -> tuple[Line, ...]:
        """The table: outcomes, and under each its reasons, the commonest first."""
        from converter.catalogue import entry

        rows = [line(f"{_files(self.files)} in {seconds:.1f} s")]
        for kind in KINDS:
            if not self.kinds[kind]:
                continue
            saves = (
                f"  about {size(self.removed_bytes)} saved"
                if kind == "converted" and self.removed_bytes
                else ""
            )
            share = 100 * self.kinds[kind] / self.files
            rows.append(
                line("  ", (f"{kind:<10}", _STYLES[kind]), f"{self.kinds[kind]:>7}  {share:5.1f} %{saves}")
            )
            for code, count in self._codes(kind):
                item = entry(code)
                example = f"  (as {self.examples[kind, code]})"
                rows.append(
                    line(f"    {code:<8}{count:>7}  ", (item.title if item else "", "quiet"), example)
                )
        return tuple(rows)

    def next_steps(self, written: bool) -> tuple[Line, ...]:
        """What there is to do now; `written` is whether converted files were replaced."""
        rows = []
        if self.kinds["converted"]:
            rows.append(
                "build the files that were replaced, or compare them: multistage verify ORIGINAL CONVERTED"
                if written
                else "look at the conversions with --diff, and take them over with --write"
            )
        if self.kinds["refused"]:
            rows.append("what makes a refused file convertible: multistage codes CODE")
        if self.kinds["failed"]:
            rows.append("why a file failed is in its line of the report, or: multistage explain FILE")
        return tuple(line(("next ", "quiet"), row) for row in rows)

    def _codes(self, kind: str) -> list[tuple[str, int]]:
        counts = [(code, count) for (of, code), count in self.codes.items() if of == kind]
        return sorted(counts, key=lambda item: (-item[1], item[0]))


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"
