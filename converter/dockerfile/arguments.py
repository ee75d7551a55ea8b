"""A logical line to a typed instruction: one small function a keyword, found in a table."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeAlias

from msgspec import Struct

from converter.dockerfile import flags, forms, heredocs, words
from converter.dockerfile.model import (
    Add,
    AnyInstruction,
    Arg,
    Cmd,
    Comment,
    Copy,
    Entrypoint,
    Env,
    Expose,
    From,
    Healthcheck,
    Heredoc,
    Label,
    Maintainer,
    Onbuild,
    Run,
    Shell,
    ShellForm,
    ShellText,
    Stopsignal,
    User,
    Volume,
    Word,
    Workdir,
)
from converter.dockerfile.problem import Misuse, Problem
from converter.span import Span

_STAGE_NAME = re.compile(r"[a-z][a-z0-9_.-]*\Z")


class Site(Struct, frozen=True):
    """What a typed instruction is made from: the logical line, its arguments, what all share."""

    text: str
    line: ShellText
    start: int
    end: int
    escape: str
    keyword: str
    common: dict[str, Any]
    documents: tuple[Heredoc, ...]

    @property
    def arguments(self) -> str:
        """The arguments' text, flags taken off."""
        return self.line.text[self.start : self.end]

    def exactly_one(self) -> Word:
        """The arguments as one word."""
        if self.start >= self.end:
            raise Misuse(f"{self.keyword} needs an argument")
        return words.word(self.line, self.start, self.end)

    def some(self, found: tuple[Word, ...]) -> tuple[Word, ...]:
        """The words, of which there must be one at least."""
        if not found:
            raise Misuse(f"{self.keyword} needs at least one argument")
        return found


Maker: TypeAlias = Callable[[Site], AnyInstruction]


def instruction(
    text: str,
    line: ShellText,
    span_end: int,
    escape: str,
    comments: tuple[Comment, ...] = (),
    inner_comments: tuple[Comment, ...] = (),
    documents: tuple[Heredoc, ...] = (),
    start: int = 0,
    within: str = "",
) -> AnyInstruction:
    """The instruction that a logical line holds from `start` on; a Problem where BuildKit rejects it."""
    parts = flags.split(line, start)
    keyword = parts.keyword.upper()
    maker = _MAKERS.get(keyword)
    if maker is None:
        raise _unknown(parts.keyword)
    if within and keyword in ("ONBUILD", "FROM", "MAINTAINER"):
        raise Problem(f"{keyword} cannot be a trigger of {within}")
    common: dict[str, Any] = {
        "span": Span(line.span(parts.keyword_start, parts.keyword_start + 1).start, span_end),
        "keyword": parts.keyword,
        "comments": comments,
        "inner_comments": inner_comments,
        "flags": parts.flags,
        "heredocs": documents,
    }
    made = maker(Site(text, line, parts.start, parts.end, escape, keyword, common, documents))
    if parts.flags:
        flags.check(keyword, parts.flags)
    return made


def _from(site: Site) -> From:
    found = words.plain(site.line, site.start, site.end)
    platform = next((flag.value for flag in site.common["flags"] if flag.name == "platform"), None)
    if len(found) == 1:
        return From(**site.common, image=found[0], platform=platform)
    if len(found) != 3 or found[1].text.lower() != "as":
        raise Misuse("FROM takes an image, or an image, AS and a name", "write FROM image AS name")
    name = found[2].text.lower()
    if not _STAGE_NAME.match(name):
        raise Misuse(
            f"{found[2].text} cannot name a build stage",
            "a stage name starts with a letter and holds letters, digits, '-', '_' and '.' only",
            span=found[2].span,
        )
    return From(**site.common, image=found[0], name=name, name_text=found[2].text, platform=platform)


def _run(site: Site) -> Run:
    form = forms.form(site.line, site.start, site.end)
    if isinstance(form, ShellForm):
        if site.documents:
            form = ShellForm(*heredocs.script(site.text, form.script, site.documents))
        elif not form.script.text:
            raise Misuse("RUN needs a command")
    elif not any(form.words):
        raise Misuse("RUN needs a command")
    return Run(**site.common, form=form)


def _cmd(site: Site) -> Cmd:
    return Cmd(**site.common, form=forms.form(site.line, site.start, site.end))


def _entrypoint(site: Site) -> Entrypoint:
    return Entrypoint(**site.common, form=forms.form(site.line, site.start, site.end))


def _healthcheck(site: Site) -> Healthcheck:
    found = words.plain(site.line, site.start, site.end)
    kind = found[0].text.upper() if found else ""
    start = flags.skip(site.line.text, site.start + len(kind), site.end)
    form = forms.form(site.line, start, site.end)
    if kind == "NONE" and start >= site.end:
        return Healthcheck(**site.common, form=None)
    if kind != "CMD":
        raise Misuse("HEALTHCHECK takes NONE, or CMD and a command", "write HEALTHCHECK CMD command")
    if start >= site.end or form == forms.exec_form(site.line, []):
        raise Misuse("HEALTHCHECK CMD needs a command")
    return Healthcheck(**site.common, form=form)


def _sources(site: Site) -> tuple[tuple[Word, ...], Word]:
    found = words.listed(site.line, site.start, site.end)
    if len(found) < 2:
        raise Misuse(
            f"{site.keyword} needs at least one source and a destination",
            f"write {site.keyword} source destination",
        )
    *sources, destination = found
    if site.documents:
        if heredocs.is_marker(destination.text):
            raise Misuse(f"{site.keyword} cannot have a here-document as its destination")
        sources = [source for source in sources if not heredocs.is_marker(source.text)]
    return tuple(sources), destination


def _copy(site: Site) -> Copy:
    sources, destination = _sources(site)
    return Copy(**site.common, sources=sources, destination=destination)


def _add(site: Site) -> Add:
    sources, destination = _sources(site)
    return Add(**site.common, sources=sources, destination=destination)


def _pairs(site: Site) -> tuple[tuple[tuple[Word, Word], ...], bool]:
    found, legacy = words.pairs(site.line, site.start, site.end, site.escape, site.keyword)
    if not found:
        raise Misuse(f"{site.keyword} needs at least one argument", f"write {site.keyword} NAME=value")
    if not all(name.text for name, _ in found):
        raise Misuse(f"{site.keyword} has a value without a name")
    return found, legacy


def _env(site: Site) -> Env:
    found, legacy = _pairs(site)
    return Env(**site.common, pairs=found, legacy=legacy)


def _label(site: Site) -> Label:
    return Label(**site.common, pairs=_pairs(site)[0])


def _arg(site: Site) -> Arg:
    found: list[tuple[Word, Word | None]] = []
    for low, high in words.quoted(site.line, site.start, site.end, site.escape):
        sign = site.line.text.find("=", low, high)
        if sign == low:
            raise Misuse("ARG has a value without a name")
        if sign < 0:
            found.append((words.word(site.line, low, high), None))
        else:
            found.append((words.word(site.line, low, sign), words.word(site.line, sign + 1, high)))
    if not found:
        raise Misuse("ARG needs at least one argument", "write ARG NAME or ARG NAME=default")
    return Arg(**site.common, pairs=tuple(found))


def _maintainer(site: Site) -> Maintainer:
    return Maintainer(**site.common, text=site.exactly_one().text)


def _workdir(site: Site) -> Workdir:
    return Workdir(**site.common, path=site.exactly_one())


def _user(site: Site) -> User:
    return User(**site.common, name=site.exactly_one())


def _stopsignal(site: Site) -> Stopsignal:
    return Stopsignal(**site.common, signal=site.exactly_one())


def _expose(site: Site) -> Expose:
    return Expose(**site.common, ports=site.some(words.plain(site.line, site.start, site.end)))


def _volume(site: Site) -> Volume:
    found = site.some(words.listed(site.line, site.start, site.end))
    if not all(path.text.strip() for path in found):
        raise Misuse("VOLUME has an empty path")
    return Volume(**site.common, paths=found)


def _shell(site: Site) -> Shell:
    strings = forms.json_words(site.line.text, site.start, site.end)
    if not strings:
        raise Misuse("SHELL needs a JSON array", 'write SHELL ["/bin/bash", "-c"]')
    return Shell(**site.common, words=tuple(text for text, _, _ in strings))


def _onbuild(site: Site) -> Onbuild:
    if site.start >= site.end:
        raise Misuse("ONBUILD needs an instruction")
    child: AnyInstruction | None = None
    with suppress(Misuse):
        child = instruction(
            site.text,
            site.line,
            site.common["span"].end,
            site.escape,
            documents=site.documents,
            start=site.start,
            within="ONBUILD",
        )
    return Onbuild(**site.common, child=child)


def _unknown(keyword: str) -> Misuse:
    import difflib

    near = difflib.get_close_matches(keyword.upper(), _MAKERS, 1)
    shown = keyword if len(keyword) <= 40 else keyword[:40] + "…"
    if near:
        return Misuse(f"unknown instruction {shown}", f"did you mean {near[0]}?")
    return Misuse(
        f"unknown instruction {shown}",
        "if this line belongs to the one before, end that one with a backslash",
    )


_MAKERS: dict[str, Maker] = {
    "ADD": _add,
    "ARG": _arg,
    "CMD": _cmd,
    "COPY": _copy,
    "ENTRYPOINT": _entrypoint,
    "ENV": _env,
    "EXPOSE": _expose,
    "FROM": _from,
    "HEALTHCHECK": _healthcheck,
    "LABEL": _label,
    "MAINTAINER": _maintainer,
    "ONBUILD": _onbuild,
    "RUN": _run,
    "SHELL": _shell,
    "STOPSIGNAL": _stopsignal,
    "USER": _user,
    "VOLUME": _volume,
    "WORKDIR": _workdir,
}
