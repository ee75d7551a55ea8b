"""What a container needs by name when it starts: the words of ENTRYPOINT, CMD and HEALTHCHECK, and of their scripts.

Shell scripts are read three levels deep with the same reader as RUN instructions. Words that need an expansion
are left out: what they become is not known.
"""

from __future__ import annotations

import posixpath
import re

from msgspec import Struct

from converter.dockerfile.model import ShellText
from converter.knowledge.programs import is_builtin, is_shell
from converter.shell.dialects import is_shell as dialect_of
from converter.shell.model import Function, Literal, Simple, Word
from converter.shell.reader import read
from converter.shell.walk import descendants
from converter.verify.images.lookup import Tree
from converter.verify.images.model import Script

_DEPTH = 3
_WRAPPERS = frozenset(
    """exec env nohup time timeout nice ionice setsid stdbuf xargs sudo su-exec gosu chroot setpriv
    runuser tini dumb-init catatonit chpst find xvfb-run eval""".split()  # noqa: SIM905
)
"""Commands that run another one, which stands somewhere among their words."""
_SOURCES = (".", "source")
_FILE = re.compile(r"\.{0,2}/?[\w@+%.-]+(?:/[\w@+%.-]+)*/?")
_SHELL_LINE = re.compile(r"\S*/(?:env\s+(?:-\S+\s+)*)?(?:ba|da|a|z|k|mk)?sh\b")


class Need(Struct, frozen=True):
    """A command or file that `by` names; a path is relative to `directory`.

    `script` is the script that names it, "" for the configuration itself.
    """

    text: str
    command: bool
    by: str
    directory: str
    script: str = ""


def needs(tree: Tree) -> tuple[Need, ...]:
    """All that is named, each once, in the order in which it is found."""
    collector = _Collector(tree)
    configuration = tree.image.configuration
    entrypoint, cmd = configuration.entrypoint, configuration.cmd
    if entrypoint:
        collector.words(entrypoint, "ENTRYPOINT", 0)
        shell_form = dialect_of(entrypoint[:2]) is not None and len(entrypoint) == 3
        if cmd and not shell_form:
            collector.words(cmd, "CMD", 0)
    else:
        collector.words(cmd, "CMD", 0)
    check = configuration.healthcheck.test if configuration.healthcheck else ()
    if check[:1] == ("CMD",):
        collector.words(check[1:], "HEALTHCHECK", 0)
    elif check[:1] == ("CMD-SHELL",):
        shell = configuration.shell or ("/bin/sh", "-c")
        collector.words((*shell, *check[1:2]), "HEALTHCHECK", 0)
    return tuple(collector.found)


class _Collector:
    """Gathers needs; a script is read once."""

    def __init__(self, tree: Tree) -> None:
        self.found: dict[Need, None] = {}
        self._tree = tree
        self._seen: set[str] = set()
        self._directory = tree.image.configuration.working_dir or "/"

    def words(self, words: tuple[str, ...], by: str, depth: int, script: str = "") -> None:
        """One command with its arguments."""
        if not words:
            return
        name = posixpath.basename(words[0])
        if not is_builtin(name) or "/" in words[0]:
            self._command(words[0], by, depth, script)
        inner = _shell_text(words)
        if inner is not None:
            self._text(inner, by, depth, script)
            return
        sourced = words[0] in _SOURCES or is_shell(name)
        for word in words[1:]:
            if name in _WRAPPERS and not word.startswith("-") and "=" not in word:
                self._wrapped(word, by, depth, script)
            self._file(word.partition("=")[2] if word.startswith("--") else word, by, script)
            if sourced and not word.startswith("-"):
                self._follow(posixpath.join(self._directory, word), by, depth)
                sourced = False

    def _command(self, word: str, by: str, depth: int, script: str) -> None:
        self.found[Need(word, True, by, self._directory, script)] = None
        path = self._tree.which(word, self._directory)
        if path is not None:
            self._follow(path, by, depth)

    def _wrapped(self, word: str, by: str, depth: int, script: str) -> None:
        if "/" not in word and self._tree.which(word) is not None:
            self._command(word, by, depth, script)

    def _file(self, word: str, by: str, script: str) -> None:
        """A word that is the path of something in the original."""
        if "/" not in word and (script or "." not in word):
            return
        if _FILE.fullmatch(word) and word.strip("./"):
            self.found[Need(word, False, by, self._directory, script)] = None

    def _follow(self, path: str, by: str, depth: int) -> None:
        real = self._tree.real(path)
        entry = self._tree.entries.get(real) if real else None
        if real is None or entry is None or depth >= _DEPTH or real in self._seen:
            return
        content = entry.content
        if isinstance(content, Script):
            for word in interpreters(content):
                self.found[Need(word, True, f"{by}'s {real}", "/")] = None
        if isinstance(content, Script) and content.text and _SHELL_LINE.match(content.line):
            self._seen.add(real)
            self._text(content.text, f"{by}'s {real}", depth + 1, real)

    def _text(self, text: str, by: str, depth: int, script: str) -> None:
        parsed = read(ShellText(text, ((0, 0, len(text)),)), "bash")
        functions = {node.name for node in descendants(parsed) if isinstance(node, Function)}
        for node in descendants(parsed):
            if isinstance(node, Simple) and node.words:
                literal = [_literal(word) for word in node.words]
                first = literal[0]
                if first and first not in functions:
                    self.words((first, *(word for word in literal[1:] if word)), by, depth, script)
            elif isinstance(node, Simple):
                for redirect in node.redirects:
                    if redirect.target and redirect.operator == "<" and (word := _literal(redirect.target)):
                        self._file(word, by, script)


def _shell_text(words: tuple[str, ...]) -> str | None:
    """The command line of `sh -c TEXT`, also behind a wrapper such as tini."""
    for index in range(2, len(words)):
        if dialect_of(words[index - 2 : index]) is not None:
            return words[index]
    return None


def _literal(word: Word) -> str:
    """The word's text if nothing in it is expanded, else ""."""
    if all(isinstance(part, Literal) for part in word.parts):
        return "".join(part.text for part in word.parts if isinstance(part, Literal))
    return ""


def interpreters(script: Script) -> tuple[str, ...]:
    """What the kernel starts for a script, and the command that it starts if it is `env`."""
    words = script.line.split()
    if not words or not words[0].startswith("/"):
        return ()
    if posixpath.basename(words[0]) != "env":
        return (words[0],)
    command = next((word for word in words[1:] if not word.startswith("-") and "=" not in word), None)
    return (words[0], command) if command else (words[0],)
