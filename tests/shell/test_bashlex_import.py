"""The stored parser tables are those that bashlex computes, and are used."""

from __future__ import annotations

import subprocess
import sys

from converter.shell.bashlex_import import parser, stored
from tests.shell.bashlex_tables import computed


def test_the_stored_tables_are_what_bashlex_computes() -> None:
    assert stored() == computed()


def test_bashlex_is_whole_afterwards() -> None:
    import bashlex

    assert bashlex.parser is parser()
    assert bashlex.parse("a && b")[0].kind == "list"


def test_nothing_is_computed_at_import() -> None:
    code = (
        "import sys\n"
        "from converter.shell.bashlex_import import parser\n"
        "def refuse(*_): raise SystemExit('computed')\n"
        "def trace(frame, event, _):\n"
        "    if frame.f_code.co_name == 'lr_parse_table': refuse()\n"
        "sys.setprofile(trace)\n"
        "parser()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_another_grammar_is_computed() -> None:
    code = (
        "from converter.shell import bashlex_import as quick\n"
        "kept = quick.stored()\n"
        "quick.stored = lambda: {**kept, 'grammar': []}\n"
        "print(quick.parser().parse('a | b')[0].kind)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "pipeline\n"
