"""The `json` format: one object a result. Plain ASCII, so that no byte of an input reaches a terminal raw."""

from __future__ import annotations

import json

from converter.report.record import record
from converter.report.result import Result


def render(result: Result, seconds: float | None = None) -> str:
    """The record on one line without a line end; `seconds`, the time it took, is only in batch reports."""
    data = record(result)
    if seconds is not None:
        data["seconds"] = round(seconds, 6)
    return json.dumps(data, separators=(", ", ": "))
