"""Handlers by name: small pure functions for what a table cannot say."""

from __future__ import annotations

from converter.effects.call import Handler
from converter.effects.handlers.accounts import ACCOUNTS
from converter.effects.handlers.archives import ARCHIVES
from converter.effects.handlers.copying import COPYING
from converter.effects.handlers.fetching import FETCHING
from converter.effects.handlers.interpreters import INTERPRETERS
from converter.effects.handlers.languages import LANGUAGES
from converter.effects.handlers.making import MAKING
from converter.effects.handlers.nested import NESTED
from converter.effects.handlers.npm import NPM
from converter.effects.handlers.packages import PACKAGES
from converter.effects.handlers.pypi import PYPI
from converter.effects.handlers.system import SYSTEM
from converter.effects.handlers.text import TEXT

HANDLERS: dict[str, Handler] = {
    **ACCOUNTS,
    **ARCHIVES,
    **COPYING,
    **FETCHING,
    **INTERPRETERS,
    **LANGUAGES,
    **MAKING,
    **NESTED,
    **NPM,
    **PACKAGES,
    **PYPI,
    **SYSTEM,
    **TEXT,
}
