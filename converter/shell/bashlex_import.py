"""Importing bashlex without the wait: its parser tables are kept beside this module.

bashlex computes the LALR tables of its grammar at every import, which is most of the time that the import
takes. They depend on the grammar alone. So while it is imported, its table class is replaced by one that
takes the stored tables if they were computed from the very same grammar, and computes them as ever if not.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from functools import lru_cache
from importlib import import_module
from threading import Lock
from types import ModuleType
from typing import Any

_STORED = "bashlex_tables.json"
_IMPORTING = Lock()


@lru_cache(maxsize=1)
def parser() -> ModuleType:
    """The module `bashlex.parser`."""
    with _IMPORTING:
        if "bashlex" not in sys.modules:
            _import_quickly()
        return import_module("bashlex.parser")


def grammar_of(grammar: Any) -> list[str]:
    """What the tables depend on: the productions with their precedence, in order."""
    return [f"{production} %prec {production.prec}" for production in grammar.Productions]


def stored() -> dict[str, Any]:
    """The stored tables: `grammar`, `action` and `goto`, the last two one mapping for each state."""
    with open(os.path.join(os.path.dirname(__file__), _STORED), encoding="utf-8") as file:
        tables: dict[str, Any] = json.load(file)
    return tables


def _import_quickly() -> None:
    spec = importlib.util.find_spec("bashlex")
    if spec is None or spec.loader is None:
        return
    package = importlib.util.module_from_spec(spec)
    sys.modules["bashlex"] = package  # its own __init__ would import the parser at once
    yacc: Any = import_module("bashlex.yacc")
    original = yacc.LRTable
    yacc.LRTable = _table_class(original)
    try:
        import_module("bashlex.parser")
    finally:
        yacc.LRTable = original
    spec.loader.exec_module(package)


def _table_class(original: Any) -> Any:
    class StoredTable(original):  # type: ignore[misc]
        def __init__(self, grammar: Any, log: Any = None) -> None:
            tables = stored()
            if tables["grammar"] != grammar_of(grammar):
                super().__init__(grammar, log)
                return
            self.lr_action = dict(enumerate(tables["action"]))
            self.lr_goto = dict(enumerate(tables["goto"]))
            self.lr_productions = grammar.Productions
            self.sr_conflicts = self.rr_conflicts = ()

    return StoredTable
