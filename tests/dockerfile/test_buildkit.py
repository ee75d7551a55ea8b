"""The referee: BuildKit's own parser (the package `dockerfile`) reads the same, on made and on real files.

Differences that are meant, all of them in `referee.py` or here:
- instructions that can be read but not used (an unknown keyword, COPY with one word) are rejected by us as
  `docker build` does; BuildKit's parser alone lets them pass. The shared evaluator knows these checks.
- a file that ends inside a continuation: BuildKit counts the empty lines up to the end, our span does not.
- flags: the referee reads them byte by byte, so that letters outside ASCII come out garbled.
- the referee is BuildKit 0.12: `# check=` is no directive to it, and `${x%y}` or `${x/y/z}` in a line with
  `<<` hides the here-document from it. We read both as later versions do.
- a NUL ends the text for the referee; we call such a file no text.
"""

from __future__ import annotations

import importlib.util
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, reject, settings

from converter.dockerfile.reader import read
from converter.errors import InputError
from converter.span import SourceText
from tests.dockerfile import corpus
from tests.dockerfile.referee import compare, referee
from tests.dockerfile.texts import dockerfiles

NEWER_THAN_THE_REFEREE = [
    "# check=skip=all\n# escape=`\nFROM a\nRUN x `\n  y",
    "FROM a\nRUN echo ${x%y} <<EOF\nz\nEOF\n",
    "FROM a\nRUN echo ${x//y/z} <<EOF\nz\nEOF\n",
]


@given(dockerfiles())
@settings(max_examples=600)
def test_made_files(text: str) -> None:
    try:
        found = compare(text)
    except UnicodeDecodeError:  # the referee cut a character in two
        reject()
    assert [each for each in found.differences if each[0] != "rejected by us"] == []


@pytest.mark.parametrize("text", NEWER_THAN_THE_REFEREE)
def test_what_later_versions_read_otherwise(text: str) -> None:
    assert len(read(SourceText(text)).instructions) == 2
    assert len(referee(text)) > 2


@pytest.mark.corpus
def test_real_files() -> None:
    differences: Counter[str] = Counter()
    files = instructions = spans = agreeing = 0
    for _, text in corpus.files():
        found = compare(text)
        files += 1
        instructions += found.instructions
        spans += found.spans
        agreeing += found.agreeing
        differences.update(kind for kind, *_ in found.differences if kind != "rejected by us")
    assert not differences
    assert spans == agreeing == instructions > files > 1000


@pytest.mark.corpus
def test_the_same_files_are_rejected(shared: Path) -> None:
    evaluator = load_evaluator(shared)
    wrong = []
    for name, text in corpus.files():
        try:
            read(SourceText(text))
            ours = ""
        except InputError as error:
            ours = str(error)
        try:
            evaluator.parse(text)
            theirs = ""
        except evaluator.DockerfileError as error:
            theirs = str(error)
        if bool(ours) != bool(theirs):
            wrong.append((name, ours, theirs))
    assert wrong == []


def load_evaluator(shared: Path) -> ModuleType:
    """The shared evaluator's own model of what is a valid Dockerfile."""
    spec = importlib.util.spec_from_file_location("shared_evaluator_model", shared / "eval" / "model.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
