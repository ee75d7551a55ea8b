"""What checks.toml may say, and how answers are judged; nothing here needs the lab."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.e2e.checks import CheckFailed, judged, load, masks
from tests.golden.samples import buildable_samples


def test_all_samples_have_known_keys_and_ask_something() -> None:
    for sample in buildable_samples():
        checks = load(sample.checks)
        assert any(checks.get(kind) for kind in ("tcp", "http", "exec", "run")), sample.name
        assert set(checks.get("wait", {})) & {"port", "log", "exit"}, sample.name


@pytest.mark.parametrize(
    ("text", "unknown"),
    [("colour = 1", "colour"), ("[wait]\nprot = 80", "prot"), ("[[exec]]\ncomand = ['id']", "comand")],
)
def test_unknown_keys_are_errors(tmp_path: Path, text: str, unknown: str) -> None:
    path = tmp_path / "checks.toml"
    path.write_text(text)
    with pytest.raises(ValueError, match=unknown):
        load(path)


def test_an_answer_must_be_the_expected_one() -> None:
    assert judged("q", "blue\n", {"expect": "blue\n"}, ()).text == "blue\n"
    with pytest.raises(CheckFailed, match=re.escape("got 'red\\n'")):
        judged("q", "red\n", {"expect": "blue\n"}, ())
    with pytest.raises(CheckFailed, match="is not in"):
        judged("q", "red\n", {"contains": "blue"}, ())


def test_volatile_parts_are_masked() -> None:
    patterns = masks({"mask": ["id=[0-9]+"]}, {"mask": ["at .*"]})
    assert judged("q", "id=17 at noon", {}, patterns) == judged("q", "id=4 at night", {}, patterns)
