"""What a batch came to: files by outcome and by reason."""

from __future__ import annotations

from collections import Counter

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
    removed_bytes: int = 0

    def add(self, done: Done) -> None:
        """Count one file."""
        self.kinds[done.kind] += 1
        if done.code is not None:
            self.codes[done.kind, done.code] += 1
        elif done.kind == "converted":
            self.removed_bytes += done.removed_bytes

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
                rows.append(line(f"    {code:<8}{count:>7}  ", (item.title if item else "", "quiet")))
        return tuple(rows)

    def _codes(self, kind: str) -> list[tuple[str, int]]:
        counts = [(code, count) for (of, code), count in self.codes.items() if of == kind]
        return sorted(counts, key=lambda item: (-item[1], item[0]))


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"
