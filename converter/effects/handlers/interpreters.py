"""Interpreters: modules, inline code and scripts.

A script whose name a table knows is what the table says. One that is an installer by its name may write anywhere.
By convention one that is told to install, or is the language's own `setup.rb`, writes to the language's prefix; any
other one writes inside the directory it works in and the one it lies in. Inline code is opaque unless it plainly
prints, copies or deletes.
"""

from __future__ import annotations

import posixpath
import re
from itertools import pairwise

from msgspec.structs import replace

from converter.dockerfile.model import HOLE
from converter.effects.arguments import Argument
from converter.effects.call import Call, Handler, Part, Rerun
from converter.effects.handlers import pypi
from converter.effects.handlers.projects import module_folders
from converter.effects.model import Basis, Effects, Phase, Write, WriteKind
from converter.effects.places import Place
from converter.knowledge.programs import is_standard_module

_HARMLESS = {
    "python": re.compile(
        r"(?:\s*(?:import [\w., ]+|from [\w.]+ import [\w., ()*]+|print\s*\(?[^;\n]*?\)?"
        r"|assert [^;\n]*|sys\.exit\([^;\n]*\))\s*(?:[;\n]|$))+"
    ),
    "node": re.compile(
        r"\s*(?:console\.log|process\.(?:stdout\.write|exit)|require)\([^;]*\)(?:\.\w+)*;?\s*"
    ),
    "ruby": re.compile(r"\s*(?:puts|print|p|exit)\b[^;]*;?\s*"),
    "php": re.compile(r"\s*(?:echo|print|var_dump|phpinfo|exit|readfile)\b[^;]*;?\s*"),
    "perl": re.compile(r"\s*(?:print|printf|exit)\b[^;]*;?\s*"),
}
_DOWNLOADS = re.compile(r"download|install|load|fetch|retrieve|open\(|write|system|exec|unlink|copy|fs\.")
_SCRIPT_TABLES = frozenset({"artisan", "composer", "bazel", "gulp", "Build", "make"})
_INSTALLER = re.compile(r"(?:^|.*[-_])(?:install|setup)(?:er)?[-_.\d]*\.(?:py|pl|php|phar)")
_INSTALLS = re.compile(r"^(?:install|setup|bootstrap)\b|(?:^|[-_])(?:install|setup)(?:er)?[-_.\d]*\.\w+$")


_FILE_IN_CODE = re.compile(r"""["']((?:\.{0,2}/)?\w[\w.-]*(?:/[\w.-]+)*\.[a-z]\w{0,4})["']""")


def harmless(language: str, code: str) -> bool:
    """Whether inline code plainly only prints or imports."""
    pattern = _HARMLESS.get(language)
    return pattern is not None and pattern.fullmatch(code) is not None and not _DOWNLOADS.search(code)


def python(call: Call, base: Effects) -> tuple[Part, ...]:
    """python: -m MODULE, -c CODE, a script, or standard input."""
    words = call.arguments
    for at, argument in enumerate(words):
        text = argument.text
        if text in ("-m", "-c") and at + 1 < len(words):
            if text == "-c":
                return _inline(call, "python", words[at + 1].text, base)
            return _module(call, base, words[at + 1], words[at + 2 :])
        if text in ("-W", "-X", "-Q"):
            continue
        if not text.startswith("-") and (at == 0 or words[at - 1].text not in ("-W", "-X", "-Q")):
            return _script(call, base, words[at:], "python")
    return _fed(call, base)


def _module(call: Call, base: Effects, module: Argument, rest: tuple[Argument, ...]) -> tuple[Part, ...]:
    name = module.text
    directory = posixpath.dirname(call.program)
    if name in ("venv", "virtualenv"):
        return base, Rerun((module._replace(text="virtualenv"), *rest), call.directory)
    if name in ("pip", "easy_install", "ensurepip", "pipx", "poetry", "pipenv", "conda", "uv", "jupyter"):
        program = "get-pip.py" if name == "ensurepip" else name
        if directory and name != "ensurepip":
            program = f"{directory}/{program}"
        return base, Rerun((module._replace(text=program), *rest), call.directory)
    if name in ("compileall", "py_compile"):
        places = tuple(call.place(a.text, True) for a in rest if not a.text.startswith("-"))
        writes = tuple(Write(place, WriteKind.EDIT) for place in places or (call.place(".", True),))
        return (replace(base, phase=Phase.FOLLOW, reads=base.reads + places, writes=base.writes + writes),)
    if name in ("nltk.downloader", "textblob.download_corpora"):
        words = [a.text for a in rest]
        chosen = words[words.index("-d") + 1] if "-d" in words[:-1] else None
        targets = (call.path(chosen),) if chosen else (f"{call.home}/nltk_data", "/usr/share/nltk_data")
        writes = tuple(Write(Place(target, True), WriteKind.FETCH) for target in targets)
        return (replace(base, phase=Phase.FETCH, network=True, writes=base.writes + writes),)
    if name == "spacy":
        return (replace(base, phase=Phase.LIBRARY, network=True, writes=base.writes + pypi.installed(call)),)
    if name in (
        "json.tool",
        "site",
        "sysconfig",
        "platform",
        "zipfile",
        "tarfile",
        "this",
        "pydoc",
        "timeit",
    ):
        extracts = name in ("zipfile", "tarfile") and bool(rest) and rest[0].text in ("-e", "--extract")
        if extracts and len(rest) > 1:
            target = call.place(rest[2].text if len(rest) > 2 else ".", True)
            return (
                replace(
                    base,
                    phase=Phase.FETCH,
                    reads=(*base.reads, call.place(rest[1].text)),
                    writes=(*base.writes, Write(target, WriteKind.FETCH)),
                ),
            )
        return (replace(base, phase=Phase.NONE),)
    if call.facts.tables.find(name) is not None:
        return base, Rerun((module, *rest), call.directory)
    if not is_standard_module(name):
        base = replace(base, reads=(*base.reads, *(Place(site, True) for site in call.places("python.site"))))
    return (_works_here(call, replace(base, reads=base.reads + module_folders(call)), None),)


def _inline(call: Call, language: str, code: str, base: Effects) -> tuple[Part, ...]:
    """Code in the command itself; the files that it names may be read."""
    if harmless(language, code):
        return (replace(base, phase=Phase.NONE),)
    named = tuple(call.place(path) for path in _FILE_IN_CODE.findall(code))
    why = f"runs {language} code that stands in the command"
    return (replace(base, phase=Phase.OPAQUE, opaque=why, reads=base.reads + named),)


def _fed(call: Call, base: Effects, words: tuple[Argument, ...] = ()) -> tuple[Part, ...]:
    """No script at all: standard input is the program, if there is any."""
    source = call.feed.source
    if source is not None and call.facts.tables.find(source) is not None:
        rest = tuple(word for word in words if word.text not in ("-", "--"))
        return base, Rerun((Argument(source, call.span, False), *rest), call.directory)
    if call.feed.given or call.feed.text is not None:
        return (replace(base, phase=Phase.OPAQUE, opaque="runs code from standard input"),)
    return (replace(base, phase=Phase.NONE),)


def _script(call: Call, base: Effects, words: tuple[Argument, ...], language: str) -> tuple[Part, ...]:
    script = words[0]
    if script.text in ("-", "/dev/stdin"):
        return _fed(call, base, words[1:])
    name = posixpath.basename(script.text)
    table = call.facts.tables.find(name)
    base = replace(base, reads=(*base.reads, call.place(script.text)))
    if table is not None and ("." in name or table.name in _SCRIPT_TABLES):
        return base, Rerun(words, call.directory)
    source = next(iter(call.state.learned.get(f"url:{call.path(script.text)}", ())), None)
    if source is not None and call.facts.tables.find(source) is not None:
        return base, Rerun((script._replace(text=source), *words[1:]), call.directory)
    arguments = {argument.text for argument in words[1:]}
    if _INSTALLER.fullmatch(name):
        return (replace(base, phase=Phase.OPAQUE, opaque=f"cannot tell what {name} does"),)
    if "install" in arguments or _INSTALLS.search(name):
        installs = _prefix_writes(call, language)
        return (
            replace(_works_here(call, base, script.text), phase=Phase.LIBRARY).with_(
                writes=_works_here(call, base, script.text).writes + installs
            ),
        )
    if language == "python":
        base = replace(base, reads=base.reads + module_folders(call))
    return (_works_here(call, base, script.text),)


def _prefix_writes(call: Call, language: str) -> tuple[Write, ...]:
    if language == "python":
        return pypi.installed(call)
    names = {
        "ruby": ("gem.home", "gem.bin"),
        "php": ("php.extensions", "php.pear"),
        "node": ("node.prefix",),
        "perl": ("perl.lib",),
    }.get(language, ())
    found = [Place(path, True) for name in names for path in call.places(name)]
    found += [Place("/usr/local/bin/*"), Place("/usr/local/share", True)]
    return tuple(Write(place, WriteKind.INSTALL) for place in found)


def _works_here(call: Call, base: Effects, script: str | None) -> Effects:
    """A program that works in its directory and in that of its script."""
    directories = [call.directory or HOLE]
    if script is not None:
        directories.append(posixpath.dirname(call.path(script)))
    trees = tuple(
        Place(directory, True)
        for directory in dict.fromkeys(directories)
        if directory not in ("/", "/tmp", "") and not directory.endswith("/bin")
    )
    writes = tuple(Write(tree, WriteKind.TREE) for tree in trees)
    return replace(base, reads=base.reads + trees, writes=base.writes + writes)


_LANGUAGES = {
    "node": "node",
    "nodejs": "node",
    "iojs": "node",
    "coffee": "node",
    "ts-node": "node",
    "tsx": "node",
    "ruby": "ruby",
    "jruby": "ruby",
    "php": "php",
    "perl": "perl",
}


def interpreter(call: Call, base: Effects) -> tuple[Part, ...]:
    """node, ruby, php: inline code, a script, or standard input."""
    language = _LANGUAGES.get(re.sub(r"[\d.]+$", "", posixpath.basename(call.program)), "other")
    code = next((v for option in ("-e", "-r", "-p", "-ne", "-pe") if (v := call.parsed.value(option))), None)
    if code is not None and not (
        language in ("node", "ruby") and code and call.parsed.has("-r") and call.operands
    ):
        if language == "php":
            return _php_code(call, code, base)
        return _inline(call, language, code, base)
    operands = call.operands
    file = call.parsed.value("-f") if language == "php" else None
    if file:
        operands = (Argument(file, call.span), *operands)
    if not operands or any(argument.text == "--" for argument in call.arguments[:1]):
        return _fed(call, base, operands)
    return _script(call, base, operands, language)


_PHP_COPY = re.compile(r"""copy\(\s*['"]([^'"]+)['"]\s*,\s*['"]([^'"]+)['"]""")
_PHP_UNLINK = re.compile(r"""unlink\(\s*['"]([^'"]+)['"]""")
_PHP_KNOWN = re.compile(
    r"""copy|unlink|hash_file|hash|hash_equals|echo|exit|readfile|file_get_contents|trim|die|print|if|else|PHP_EOL"""
    r"""|var_dump|var_export|print_r|printf|sprintf|json_decode|json_encode|file_exists|is_file|is_dir|isset|empty"""
    r"""|count|in_array|substr|strpos|str_replace|strtolower|explode|implode|preg_match|version_compare|phpversion"""
    r"""|ini_get|extension_loaded|function_exists|class_exists|php_sapi_name|phpinfo|getenv|foreach|array"""
)
_CALLED = re.compile(r"([A-Za-z_]\w*)\s*\(")


def _php_code(call: Call, code: str, base: Effects) -> tuple[Part, ...]:
    """`php -r`: copy, unlink and checks, as the installer of composer asks for."""
    if any(_PHP_KNOWN.fullmatch(name) is None for name in _CALLED.findall(code)) or "eval" in code:
        return _inline(call, "php", code, base)
    copies = _PHP_COPY.findall(code)
    writes = tuple(Write(call.place(target), WriteKind.FETCH, Basis.PROVEN) for _, target in copies)
    deletes = (
        () if re.search(r"\bif\b", code) else tuple(call.place(name) for name in _PHP_UNLINK.findall(code))
    )
    network = "http" in code
    phase = Phase.FETCH if writes else Phase.CLEAN if deletes else Phase.NONE
    return (replace(base, phase=phase, writes=base.writes + writes, deletes=deletes, network=network),)


def perl(call: Call, base: Effects) -> tuple[Part, ...]:
    """perl: -i edits files as sed does; -e is inline code."""
    words = [argument.text for argument in call.arguments]
    edits = any(
        re.fullmatch(r"-[a-zA-Z0-9]*i(?:\.\w+|~)?[a-zA-Z]*", word) and word[:2] != "-M" for word in words[:3]
    )
    at, code = 0, None
    while at < len(words):
        word = words[at]
        if word == "--" or not word.startswith("-") or word == "-":
            break
        at += 1
        if re.fullmatch(r"-[a-zA-Z0-9.]*[eE]", word) and not word.startswith(("-M", "-I", "-m")):
            code = words[at] if at < len(words) else ""
            at += 1
        elif word in ("-I", "-M", "-m"):
            at += 1
    rest = call.arguments[at + 1 :] if at < len(words) and words[at] == "--" else call.arguments[at:]
    if code is not None and edits:
        places = tuple(call.place(argument.text) for argument in rest)
        writes = tuple(Write(place, WriteKind.EDIT, Basis.PROVEN) for place in places)
        return (replace(base, reads=base.reads + places, writes=base.writes + writes),)
    if code is not None:
        if any(word.startswith("-MCPAN") for word in words):
            names = re.findall(r"[A-Z]\w*(?:::\w+)*", code)
            span = call.span
            return base, Rerun(
                (Argument("cpanm", span, False), *(Argument(n, span, False) for n in names)), call.directory
            )
        if any(re.fullmatch(r"-[a-zA-Z]*[np][a-zA-Z]*", word) for word in words[:3]) or (
            not code.strip() or any(word.startswith("-M") for word in words)
        ):
            reads = tuple(call.place(argument.text) for argument in rest)
            return (replace(base, phase=Phase.NONE, reads=base.reads + reads),)
        return _inline(call, "perl", code, base)
    return _script(call, base, rest, "perl") if rest else _fed(call, base, rest)


def java(call: Call, base: Effects) -> tuple[Part, ...]:
    """Java -jar FILE, or a class: works in its directory."""
    file = call.parsed.value("-jar")
    reads = tuple(
        call.place(entry.removesuffix("/*"), not entry.endswith(".jar"))
        for value in call.parsed.values("-cp")
        for entry in value.split(":")
        if entry and entry != "."
    )
    if file is None and not call.operands:
        return (replace(base, phase=Phase.NONE),)
    if file is None and not call.parsed.values("-cp"):
        reads += (call.place(f"{call.operands[0].text.replace('.', '/')}.class"),)
    if file is not None:
        reads += (call.place(file),)
        if _INSTALLS.search(posixpath.basename(file)):
            return (_java_installer(call, replace(base, reads=base.reads + reads)),)
    return (_works_here(call, replace(base, reads=base.reads + reads), file),)


def _java_installer(call: Call, base: Effects) -> Effects:
    """A graphical installer run without its window: into the directory that an option names, or no one can tell."""
    words = [argument.text for argument in call.arguments]
    named = [
        call.place(text, True)
        for option, text in pairwise(words)
        if option.startswith("-") and option not in ("-jar", "-cp") and text.startswith("/")
    ]
    if not named:
        return replace(base, phase=Phase.OPAQUE, opaque="cannot tell where an installer puts what it brings")
    writes = tuple(Write(place, WriteKind.INSTALL) for place in named)
    return replace(base, phase=Phase.FETCH, writes=base.writes + writes)


def nothing(call: Call, base: Effects) -> tuple[Part, ...]:
    """A form of which the table says all, because it only prints or is no script."""
    return (base,)


def python_run(call: Call, base: Effects) -> tuple[Part, ...]:
    """`uv run COMMAND`."""
    words = call.roles.get("c", ())
    if not words:
        return (base,)
    if words[0].text.endswith(".py"):
        return base, Rerun((Argument("python", words[0].span, False), *words), call.directory)
    return base, Rerun(words, call.directory)


HANDLERS: dict[str, Handler] = {
    "python": python,
    "interpreter": interpreter,
    "perl": perl,
    "java": java,
    "nothing": nothing,
    "python_run": python_run,
}
