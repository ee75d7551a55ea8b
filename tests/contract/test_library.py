"""The library as the contract describes it."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest

import converter
from converter.outcome import Outcome

CLASSIC = """FROM debian:bookworm
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev
COPY hello.c /src/
RUN gcc -o /usr/local/bin/hello /src/hello.c
CMD ["hello"]
"""


def python(code: str) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


@pytest.mark.parametrize("name", converter.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(converter, name) is not None
    assert name in dir(converter)


def test_no_other_name_is_made_up() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'convrt'"):
        converter.convrt  # noqa: B018


def test_the_example_of_the_contract() -> None:
    outcome = converter.convert(CLASSIC, options=converter.Options(final_base="slim"))
    match outcome:
        case converter.Converted(dockerfile=new_text, plan=plan):
            assert "FROM debian:bookworm-slim" in new_text
            assert plan.final_base == "debian:bookworm-slim"
        case _:
            pytest.fail(f"{outcome}")


@pytest.mark.parametrize(
    "before",
    [
        "",
        "import converter.convert",
        "from converter.convert import convert",
        "from converter import convert",
        "import importlib; importlib.import_module('converter.convert')",
        "import converter; converter.convert; import converter.convert",
        "import converter.cli.main, converter.files.conversion",
    ],
)
def test_convert_is_the_function_whatever_was_imported_before(before: str) -> None:
    assert python(f"{before}\nimport converter\nprint(type(converter.convert).__name__)") == "function"


def test_the_module_is_still_found_by_its_name() -> None:
    code = "import importlib; print(type(importlib.import_module('converter.convert')).__name__)"
    assert python(code) == "module"


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = (
        "import sys; import converter; print([name for name in sys.modules if name.startswith('converter.')])"
    )
    assert python(code) == "[]"
    heavy = {"argparse", "bashlex", "dockerfile_parse", "networkx", "pathspec", "rich", "tree_sitter"}
    loaded = python("import sys; import converter; converter.Options; print(*sys.modules)").split()
    assert heavy.isdisjoint(loaded)


OUTCOMES = {
    "converted": CLASSIC,
    "unchanged": "FROM a\nCOPY b c\n",
    "refused": "FROM a\nONBUILD RUN b\n",
    "invalid": "FORM a\n",
}


@pytest.mark.parametrize("text", OUTCOMES.values(), ids=OUTCOMES)
def test_outcomes_are_frozen_picklable_and_comparable(text: str) -> None:
    outcome: Outcome = converter.convert(text)
    assert pickle.loads(pickle.dumps(outcome)) == outcome == converter.convert(text)
    assert hash(outcome) == hash(converter.convert(text))
    with pytest.raises(AttributeError):
        outcome.diagnostics = ()  # type: ignore[misc]


def test_the_same_result_in_many_threads() -> None:
    from concurrent.futures import ThreadPoolExecutor

    texts = [*OUTCOMES.values()] * 5
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(converter.convert, texts)) == [converter.convert(text) for text in texts]


@pytest.mark.parametrize("seed", ["1", "4242"])
def test_the_same_bytes_under_any_hash_seed(seed: str) -> None:
    code = f"import converter; print(repr(converter.convert({CLASSIC!r})))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
    )
    assert done.stdout.strip() == repr(converter.convert(CLASSIC))
