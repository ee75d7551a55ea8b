"""Packages and builds of other languages: Ruby, PHP, Go, Java, .NET, R, Perl."""

from __future__ import annotations

import posixpath
import re

from msgspec.structs import replace

from converter.effects.call import Call, Handler, Learned, Part
from converter.effects.memory import is_known_directory
from converter.effects.model import Basis, Effects, LibraryChange, Phase, Write, WriteKind
from converter.effects.places import Place


def gem_install(call: Call, base: Effects) -> tuple[Part, ...]:
    """An operand ending in .gem is a file. Others than root install into their home where they have to."""
    operands = [argument.text for argument in call.operands]
    reads = tuple(call.place(text) for text in operands if text.endswith(".gem"))
    names = tuple(text.partition(":")[0] for text in operands if not text.endswith(".gem"))
    writes = base.writes
    if not (call.parsed.has("-i") or call.env("GEM_HOME")):
        own = call.own_places(".gem", ".local/share/gem")
        writes += tuple(Write(place, WriteKind.INSTALL) for place in own)
    libraries = (LibraryChange("gem", names, True),)
    return (replace(base, reads=base.reads + reads, writes=writes, libraries=libraries),)


def bundle_install(call: Call, base: Effects) -> tuple[Part, ...]:
    """--path, BUNDLE_PATH, the configured path, vendor/bundle with --deployment, else the gem home."""
    parsed, learned = call.parsed, call.state.learned
    path = (
        parsed.value("--path") or call.env("BUNDLE_PATH") or next(iter(learned.get("bundle.path", ())), None)
    )
    if path is None and (
        parsed.has("--deployment") or call.env("BUNDLE_DEPLOYMENT") or "bundle.deployment" in learned
    ):
        path = "vendor/bundle"
    parts: list[Part] = []
    if path is not None and not parsed.has("--system"):
        places = [call.place(path, True)]
        if parsed.has("--path"):
            parts.append(Learned({"bundle.path": (path,)}))
    else:
        homes = (call.env("GEM_HOME"),) if call.env("GEM_HOME") else call.places("gem.home")
        places = [Place(home, True) for home in homes if home]
        places += [Place(posixpath.join(directory, "*")) for directory in call.places("gem.bin")]
    writes = tuple(Write(place, WriteKind.INSTALL) for place in places)
    return (replace(base, writes=base.writes + writes), *parts)


_INSTALL_SETTING = re.compile(r"(?i)build\.|jobs$|retry$|mirror\.|.*[./].*\.|clean$|cache")
"""Settings that nothing but an install reads: flags of extensions, mirrors, accounts of hosts."""


def bundle_config(call: Call, base: Effects) -> tuple[Part, ...]:
    """`bundle config [set] [--local] path P` and `deployment true` move later installs.

    With --global, settings that count when an application starts too lie in the home.
    """
    words = [argument.text for argument in call.operands if argument.text not in ("set", "local", "global")]
    if len(words) > 1 and call.parsed.has("--global") and not _INSTALL_SETTING.match(words[0]):
        written = Write(Place(f"{call.home}/.bundle/config"), WriteKind.OUTPUT, Basis.PROVEN)
        base = replace(base, writes=(written,))
    elif len(words) > 1 and not _INSTALL_SETTING.match(words[0]):
        settings = call.env("BUNDLE_APP_CONFIG")
        if settings:
            written = Write(call.place(settings, True), WriteKind.INSTALL)
            base = replace(base, writes=(*base.writes, written))
    if len(words) > 1 and words[0] == "path":
        return base, Learned({"bundle.path": (words[1],)})
    if len(words) > 1 and words[0] == "deployment" and words[1] != "false":
        return base, Learned({"bundle.deployment": ("true",)})
    return (base,)


def composer_install(call: Call, base: Effects) -> tuple[Part, ...]:
    """Composer install and require; scripts of composer.json work in its directory."""
    names = tuple(argument.text.partition(":")[0] for argument in call.operands)
    writes = base.writes
    if not call.parsed.has("--no-scripts"):
        writes += (Write(call.place(".", True), WriteKind.TREE),) if call.directory not in ("/", None) else ()
    return (
        replace(
            base, writes=writes, libraries=(LibraryChange("composer", names, call.parsed.has("--global")),)
        ),
    )


def composer_setup(call: Call, base: Effects) -> tuple[Part, ...]:
    """The composer installer: --install-dir and --filename."""
    name = call.parsed.value("--filename") or "composer.phar"
    directory = call.parsed.value("--install-dir") or "."
    write = Write(call.place(posixpath.join(directory, name)), WriteKind.FETCH, Basis.PROVEN)
    book = Write(Place(f"{call.home}/.composer", True), WriteKind.BOOK)
    return (replace(base, writes=(*base.writes, write, book)),)


def phpize(call: Call, base: Effects) -> tuple[Part, ...]:
    """An extension's tree: `make install` there goes to PHP's extension directory."""
    return base, Learned({f"phpize:{call.directory}": call.places("php.extensions")})


_MAJOR = re.compile(r"/v\d+$")


def _program(text: str) -> str:
    path = _MAJOR.sub("", text.partition("@")[0].rstrip("/").removesuffix("/..."))
    name = posixpath.basename(path)
    return name.removesuffix(".go") if name.endswith(".go") else name


def go_build(call: Call, base: Effects) -> tuple[Part, ...]:
    """-o names the program; else it is called like the module or the package and lies in the directory."""
    operands = [argument.text for argument in call.operands]
    output = call.parsed.value("-o")
    many = any(text.endswith("...") for text in operands) or (
        len(operands) > 1 and not all(text.endswith(".go") for text in operands)
    )
    if output is not None:
        if output == "/dev/null":
            return (base,)
        inside = output.endswith("/") or output in (".", "..") or many
        inside = inside or is_known_directory(call.path(output), call.state)
        return (
            replace(
                base, writes=(*base.writes, Write(call.place(output, inside), WriteKind.OUTPUT, Basis.PROVEN))
            ),
        )
    if many:
        return (base,)
    directory = call.directory or ""
    named = [text for text in operands if text not in (".", "./")]
    names = [_program(named[0])] if named else [posixpath.basename(directory)]
    if not named and (text := call.text(call.path("go.mod"))) is not None:
        found = re.search(r"^module\s+(\S+)", text, re.M)
        names = [_program(found[1])] if found else names
    writes = [Write(call.place(name), WriteKind.OUTPUT) for name in names if name not in ("", ".", "..")]
    writes.append(Write(call.place(".", True), WriteKind.TREE))
    return (replace(base, writes=base.writes + tuple(writes)),)


def go_install(call: Call, base: Effects) -> tuple[Part, ...]:
    """Go install and go get: GOBIN or the bin directory of the first GOPATH; names are guesses."""
    if call.parsed.has("-d"):
        return (base,)
    first = next(iter(call.places("go.path")), "/root/go")
    target = call.env("GOBIN") or posixpath.join(first, "bin")
    writes = (
        Write(Place(call.path(target), True), WriteKind.INSTALL),
        Write(Place(posixpath.join(first, "pkg"), True), WriteKind.BOOK),
    )
    return (replace(base, writes=base.writes + writes),)


_FETCHING_GOALS = ("dependency:resolve", "dependency:go-offline", "dependency:get", "help:", "validate")
"""Goals of Maven that fill its repository and leave the project's directory as it is."""


def maven(call: Call, base: Effects) -> tuple[Part, ...]:
    """Works in the project's directory; -f names another project."""
    project = call.parsed.value("-f")
    if project is None:
        tree = call.place(".", True)
    else:
        tree = call.place(posixpath.dirname(project) or "." if project.endswith(".xml") else project, True)
    repository = next(
        (v.partition("=")[2] for v in call.parsed.values("-D") if v.startswith("maven.repo.local=")), None
    )
    book = Write(Place(call.path(repository) if repository else f"{call.home}/.m2", True), WriteKind.BOOK)
    output = tuple(
        Write(call.place(v.partition("=")[2], True), WriteKind.OUTPUT)
        for v in call.parsed.values("-D")
        if v.startswith(("outputDirectory=", "dest=", "output=")) and v.partition("=")[2]
    )
    goals = [argument.text for argument in call.operands]
    builds = not goals or not all(goal.startswith(_FETCHING_GOALS) for goal in goals)
    built = (Write(tree, WriteKind.TREE),) if builds else ()
    return (replace(base, reads=(*base.reads, tree), writes=(*base.writes, *built, *output, book)),)


def dotnet_build(call: Call, base: Effects) -> tuple[Part, ...]:
    """A project operand: its directory gets bin and obj."""
    trees = []
    for argument in call.operands:
        text = argument.text
        if text.startswith(("/", "-")) and not text.endswith("proj") and "/" not in text[1:]:
            continue  # /p:Name=value
        tree = posixpath.dirname(text) if re.search(r"\.\w*proj$|\.sln$", text) else text
        trees.append(call.place(tree or ".", True))
    writes = tuple(Write(tree, WriteKind.TREE) for tree in trees)
    output = call.parsed.value("-o")
    if output and not output.startswith("/"):
        writes += tuple(
            Write(Place(posixpath.join(tree.path, output), True), WriteKind.OUTPUT) for tree in trees
        )
    return (replace(base, reads=base.reads + tuple(trees), writes=base.writes + writes),)


def jar(call: Call, base: Effects) -> tuple[Part, ...]:
    """jar: `cf F`, `xf F`, `tf F`, `uf F`; the letters may have a dash."""
    words = [argument.text for argument in call.arguments]
    if not words:
        return (base,)
    letters = words[0].lstrip("-")
    if words[0].startswith("--"):
        letters = {"--create": "cf", "--extract": "xf", "--list": "tf", "--update": "uf"}.get(words[0], "t")
    file = words[1] if len(words) > 1 and "f" in letters else ""
    if file in ("--file", "-f") and len(words) > 2:
        file = words[2]
    archive = call.place(file.removeprefix("--file=")) if file else None
    if letters.startswith("x"):
        reads = (archive,) if archive else ()
        return (
            replace(
                base,
                phase=Phase.FETCH,
                reads=base.reads + reads,
                writes=(Write(call.place(".", True), WriteKind.FETCH),),
            ),
        )
    if letters.startswith(("c", "u")) and archive:
        inputs = tuple(call.place(word, True) for word in words[2:] if not word.startswith("-"))
        return (
            replace(
                base, reads=base.reads + inputs, writes=(Write(archive, WriteKind.OUTPUT, Basis.PROVEN),)
            ),
        )
    return (replace(base, phase=Phase.NONE),)


_INSTALLED = re.compile(
    r"""install(?:\.packages|_\w+|\.\w+)?|biocLite|BiocManager|Pkg\.(?:add|build|clone)"""
)
_QUOTED = re.compile(r"""['"]([A-Za-z][\w./-]*)['"]""")


def r_language(call: Call, base: Effects) -> tuple[Part, ...]:
    """R: packages go to its library; scripts and expressions work in the directory as well."""
    code = " ".join(call.parsed.values("-e"))
    words = [argument.text for argument in call.operands]
    names: tuple[str, ...] = ()
    if code and _INSTALLED.search(code):
        names = tuple(name for name in _QUOTED.findall(code) if "/" not in name or "://" not in name)
    elif call.program.rpartition("/")[2] in ("install2.r", "install.r", "installGithub.r", "installBioc.r"):
        names = tuple(words)
    library = call.parsed.value("-l") or call.env("R_LIBS_USER") or call.env("R_LIBS")
    places = (
        [call.place(library, True)] if library else [Place(path, True) for path in call.places("r.library")]
    )
    if "installspec(" in code:  # the kernel's specification, of IRkernel
        shared = re.search(r"user\s*=\s*F", code)
        places.append(
            Place("/usr/local/share/jupyter" if shared else f"{call.home}/.local/share/jupyter", True)
        )
    writes = [Write(place, WriteKind.INSTALL) for place in places]
    reads = tuple(
        call.place(word, True) for word in words if "/" in word or word.endswith((".R", ".r", ".tar.gz"))
    )
    if call.directory not in ("/", None):
        writes.append(Write(call.place(".", True), WriteKind.TREE))
    return (
        replace(
            base,
            reads=base.reads + reads,
            writes=base.writes + tuple(writes),
            libraries=(LibraryChange("cran", names, True),),
        ),
    )


def perl_configure(call: Call, base: Effects) -> tuple[Part, ...]:
    """Makefile.PL: `make install` goes to PREFIX, INSTALL_BASE or perl's own directories."""
    chosen = next(
        (
            a.text.partition("=")[2]
            for a in call.arguments
            if a.text.startswith(("PREFIX=", "INSTALL_BASE=", "--install_base=", "--prefix="))
        ),
        None,
    )
    places = (
        (call.path(chosen),)
        if chosen
        else (*call.places("perl.lib"), "/usr/local/bin", "/usr/local/share/man", "/usr/local/man")
    )
    return base, Learned({f"prefix:{call.directory}": places})


HANDLERS: dict[str, Handler] = {
    "gem_install": gem_install,
    "bundle_install": bundle_install,
    "bundle_config": bundle_config,
    "composer_install": composer_install,
    "composer_setup": composer_setup,
    "phpize": phpize,
    "go_build": go_build,
    "go_install": go_install,
    "maven": maven,
    "dotnet_build": dotnet_build,
    "jar": jar,
    "r_language": r_language,
    "perl_configure": perl_configure,
}
