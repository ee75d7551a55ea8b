"""A bare base that cannot be fetched is no reason to give up: the author never asked for it."""

from __future__ import annotations

from typing import Any, cast

import pytest

from converter.diagnostics import Diagnostic, Severity
from converter.verify.errors import VerifyError
from converter.verify.images.reading import FileReader
from converter.verify.proof import _converted
from converter.verify.verification import Work


class Offline:
    """Work whose engine has no way to a registry."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.told: list[str] = []

    def side(self, *_: Any) -> None:
        raise VerifyError(Diagnostic(self.code, Severity.ERROR, "no answer"))

    def progress(self, text: str) -> None:
        self.told.append(text)


def converted(work: Offline, base: str | None) -> object:
    return _converted(cast(Work, work), "converted-1", "Dockerfile", cast(FileReader, None), base)


def test_the_next_larger_base_is_taken() -> None:
    work = Offline("MS703")
    assert converted(work, "gcr.io/bare") is None
    assert work.told == ["gcr.io/bare cannot be fetched; taking the next larger base"]


@pytest.mark.parametrize(("code", "base"), [("MS703", None), ("MS705", "gcr.io/bare")])
def test_other_faults_end_the_proof(code: str, base: str | None) -> None:
    with pytest.raises(VerifyError):
        converted(Offline(code), base)
