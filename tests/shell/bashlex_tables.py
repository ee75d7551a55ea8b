"""Computes bashlex's parser tables and stores them: python -m tests.shell.bashlex_tables."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import converter.shell

_COMPUTE = """
import importlib.util, json, sys
from converter.shell.bashlex_import import grammar_of

spec = importlib.util.find_spec("bashlex")
sys.modules["bashlex"] = importlib.util.module_from_spec(spec)
import bashlex.yacc as yacc

class Recorded(yacc.LRTable):
    def __init__(self, grammar, log=None):
        super().__init__(grammar, log)
        states = range(len(self.lr_action))
        action = [dict(sorted(self.lr_action[state].items())) for state in states]
        goto = [dict(sorted(self.lr_goto.get(state, {}).items())) for state in states]
        print(json.dumps({"grammar": grammar_of(grammar), "action": action, "goto": goto}))

yacc.LRTable = Recorded
import bashlex.parser
"""


def computed() -> dict[str, Any]:
    """The tables as bashlex itself computes them, in a process of its own."""
    done = subprocess.run([sys.executable, "-c", _COMPUTE], capture_output=True, text=True, check=True)
    tables: dict[str, Any] = json.loads(done.stdout)
    return tables


def main() -> None:
    """Write the file."""
    path = Path(converter.shell.__file__).with_name("bashlex_tables.json")
    path.write_text(json.dumps(computed(), separators=(",", ":"), sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
