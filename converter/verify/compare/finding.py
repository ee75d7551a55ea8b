"""How the levels state a difference: severity and code of their level, words for people."""

from __future__ import annotations

from converter.diagnostics import Severity
from converter.verify.differences import Difference, Lack, Level

CODES = {
    Level.CONFIGURATION: "MS710",
    Level.IDENTITIES: "MS711",
    Level.PATHS: "MS712",
    Level.LINKS: "MS713",
    Level.ELF: "MS714",
    Level.SCRIPTS: "MS715",
    Level.LANGUAGES: "MS716",
    Level.DIRECTORIES: "MS717",
    Level.SHARED_DATA: "MS718",
}
LOST = "MS719"


def error(
    level: Level, subject: str, message: str, *help: str, code: str = "", lacks: tuple[Lack, ...] = ()
) -> Difference:
    """It breaks, or changes what the original promises."""
    return Difference(level, Severity.ERROR, subject, message, help, code or CODES[level], lacks)


def warning(
    level: Level, subject: str, message: str, *help: str, code: str = "", lacks: tuple[Lack, ...] = ()
) -> Difference:
    """It could change something."""
    return Difference(level, Severity.WARNING, subject, message, help, code or CODES[level], lacks)


def note(
    level: Level, subject: str, message: str, *help: str, code: str = "", lacks: tuple[Lack, ...] = ()
) -> Difference:
    """It is intended, or harmless."""
    return Difference(level, Severity.NOTE, subject, message, help, code or CODES[level], lacks)


def judged(
    serious: bool,
    level: Level,
    subject: str,
    message: str,
    *help: str,
    code: str = "",
    lacks: tuple[Lack, ...] = (),
) -> Difference:
    """An error if it is serious, else a warning."""
    return (error if serious else warning)(level, subject, message, *help, code=code, lacks=lacks)
