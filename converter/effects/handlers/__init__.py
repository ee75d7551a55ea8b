"""Handlers by name: small pure functions for what a table cannot say."""

from __future__ import annotations

from converter.effects.call import Handler
from converter.effects.handlers.accounts import ACCOUNTS
from converter.effects.handlers.archives import ARCHIVES
from converter.effects.handlers.copying import COPYING
from converter.effects.handlers.fetching import FETCHING
from converter.effects.handlers.making import MAKING
from converter.effects.handlers.nested import NESTED
from converter.effects.handlers.packages import PACKAGES
from converter.effects.handlers.text import TEXT

HANDLERS: dict[str, Handler] = {
    **ACCOUNTS, **ARCHIVES, **COPYING, **FETCHING, **MAKING, **NESTED, **PACKAGES, **TEXT,
}  # fmt: skip
