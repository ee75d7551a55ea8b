"""Python packages and environments: where pip and its kin install depends on which interpreter runs them."""

from __future__ import annotations

import posixpath
import re

from msgspec.structs import replace

from converter.dockerfile.model import HOLE
from converter.effects.call import Call, Handler, Learned, Part, Rerun
from converter.effects.facts import place_of
from converter.effects.model import Basis, Effects, LibraryChange, Phase, Write, WriteKind
from converter.effects.places import Place, within
from converter.knowledge.libraries import own_places
from converter.knowledge.places import unread_places

_SYSTEM_PREFIXES = frozenset({"/", "/usr", "/usr/local", ""})
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_INCLUDED = re.compile(r"^\s*(?:-r|-c|--requirement|--constraint)[ =]\s*(\S+)", re.M)
_CLONED = re.compile(r"^\s*(?:-e|--editable)[ =]\s*(?:git|hg|svn|bzr)\+", re.M)
_FILE = re.compile(r"\.(?:whl|zip|tar\.gz|tgz|egg|tar\.bz2)$")


_SETUP_OPTION = re.compile(r"--(?:prefix|home|install-(?:lib|scripts|data))[= ](/.+)")
"""Options for setup.py that say where a package goes."""


def environment(call: Call) -> str | None:
    """The virtual or conda environment of the called program, None for the interpreter's own prefix."""
    if "/" in call.program:
        directory = posixpath.dirname(place_of(call.state.directory, call.program))
        prefix = posixpath.dirname(directory)
        return prefix if posixpath.basename(directory) == "bin" and prefix not in _SYSTEM_PREFIXES else None
    active = call.env("VIRTUAL_ENV")
    if active and active != HOLE:
        return active
    for directory in (call.env("PATH") or "").split(":"):
        prefix, name = posixpath.split(directory.rstrip("/"))
        if prefix in _SYSTEM_PREFIXES and name == "bin":
            return None
        if name == "bin" and (f"venv:{prefix}" in call.state.learned or "conda" in prefix):
            return prefix
    return None


def installed(call: Call) -> tuple[Write, ...]:
    """The places of an install by the options -t, --prefix, --root, --user, and by the environment."""
    parsed = call.parsed
    for option in ("-t", "--prefix", "--root"):
        if value := parsed.value(option):
            return (Write(call.place(value, True), WriteKind.INSTALL, Basis.PROVEN),)
    told = [m[1] for value in parsed.values("--install-option") for m in [_SETUP_OPTION.match(value)] if m]
    if told:
        return tuple(Write(call.place(path, True), WriteKind.INSTALL, Basis.PROVEN) for path in told)
    if parsed.has("--user") or (call.env("PIP_USER") in ("1", "yes", "true")):
        base = call.env("PYTHONUSERBASE") or f"{call.home}/.local"
        return (Write(Place(base, True), WriteKind.INSTALL),)
    prefix = environment(call)
    if prefix is not None:
        return (Write(Place(prefix, True), WriteKind.INSTALL),)
    homes = tuple(Write(place, WriteKind.INSTALL) for place in call.own_places(".local/bin", ".local/lib"))
    return homes + system_places(call)


def system_places(call: Call) -> tuple[Write, ...]:
    """The site directories, programs and data directories of the base's own interpreter."""
    found = [Place(site, True) for site in call.places("python.site")]
    found += [Place(posixpath.join(directory, "*")) for directory in call.places("python.bin")]
    found += [Place(path, True) for path in call.places("python.data")]
    return tuple(Write(place, WriteKind.INSTALL) for place in found)


def _is_path(text: str) -> bool:
    if "://" in text or text.startswith("git+"):
        return False
    return text.startswith((".", "/")) or bool(_FILE.search(text)) or ("/" in text and "@" not in text)


def requirement_names(text: str) -> tuple[str, ...]:
    """The project names of a requirements file."""
    names = []
    for line in text.splitlines():
        found = _NAME.match(line.strip())
        if found and "://" not in line:
            names.append(found[0])
    return tuple(names)


def pip_install(call: Call, base: Effects) -> tuple[Part, ...]:
    """Pip install: operands are names, addresses, files or directories."""
    parsed = call.parsed
    reads, names = list(base.reads), []
    writes = list(base.writes)
    tools: tuple[str, ...] = ()
    editable = parsed.values("-e")
    known = True
    for text in (*(a.text for a in call.operands), *editable):
        bare = re.sub(r"\[[^]]*\]$", "", text)
        if text.startswith(("git+", "hg+", "svn+", "bzr+")) or ".git" in text:
            tools += ("git",) if "git" in text else (text[:3].rstrip("+"),)
        local = text in editable and "://" not in text and "+" not in text
        if local or _is_path(bare):
            tree = not _FILE.search(bare)
            reads.append(call.place(bare, tree))
            if tree:
                writes.append(Write(call.place(bare, True), WriteKind.TREE))
        elif "://" not in text and (found := _NAME.match(text)):
            names.append(found[0])
    cloned = any("+" in text for text in editable)
    for option in ("-r", "-c"):
        for file in parsed.values(option):
            if "://" in file or file == HOLE:
                continue
            reads.append(call.place(file))
            if (text_known := call.text(call.path(file))) is None:
                known = known and option != "-r"
                continue
            folder = posixpath.dirname(file)
            reads.extend(call.place(posixpath.join(folder, name)) for name in _INCLUDED.findall(text_known))
            if option == "-r":
                names.extend(requirement_names(text_known))
                cloned = cloned or _CLONED.search(text_known) is not None
                tools += ("git",) if "git+" in text_known else ()
    if cloned:
        writes.append(Write(_clones(call), WriteKind.FETCH))
    places = installed(call)
    globally = environment(call) is None and not parsed.has("-t", "--prefix", "--root", "--user")
    if globally and not parsed.has("--install-option"):
        writes += [
            Write(Place(path, True), WriteKind.INSTALL) for path in own_places(tuple(names), call.home)
        ]
    return (
        replace(
            base,
            reads=tuple(reads),
            writes=(*writes, *places),
            libraries=(LibraryChange("pypi", tuple(dict.fromkeys(names)) if known else (), globally),),
            tools=tuple(dict.fromkeys(base.tools + tools)),
        ),
    )


def _clones(call: Call) -> Place:
    """Where pip keeps the clones that it installs links to: `src` of a virtual environment, else of the directory."""
    told = call.parsed.value("--src") or call.env("PIP_SRC")
    inside = environment(call)
    if told is None and inside is not None and "conda" not in inside:
        return Place(posixpath.join(inside, "src"), True)
    return call.place(told or "src", True)


def pip_uninstall(call: Call, base: Effects) -> tuple[Part, ...]:
    """What is uninstalled is not known file by file: the places change."""
    edits = tuple(replace(write, kind=WriteKind.EDIT) for write in installed(call))
    return (replace(base, writes=base.writes + edits),)


def pip_wheel(call: Call, base: Effects) -> tuple[Part, ...]:
    """Pip wheel: directories are read and built in."""
    trees = tuple(call.place(a.text, True) for a in call.operands if _is_path(a.text))
    writes = tuple(Write(place, WriteKind.TREE) for place in trees if not _FILE.search(place.path))
    return (replace(base, reads=base.reads + trees, writes=base.writes + writes),)


def pip_bootstrap(call: Call, base: Effects) -> tuple[Part, ...]:
    """get-pip.py and its like install into the interpreter that runs them."""
    unpathed = replace(call, program="pip")
    return (replace(base, writes=base.writes + installed(unpathed)),)


def _data_directories(text: str) -> tuple[str, ...]:
    """Absolute directories that a setup script's `data_files` names."""
    at = text.find("data_files")
    return tuple(dict.fromkeys(re.findall(r"""['"](/[\w./-]+)['"]""", text[at:]))) if at >= 0 else ()


def setup_py(call: Call, base: Effects) -> tuple[Part, ...]:
    """setup.py: install and develop write to the site directories."""
    words = {argument.text for argument in call.operands}
    if words & {"install", "develop", "install_lib", "install_data", "easy_install"}:
        unpathed = replace(call, program="python")
        known = call.text(call.path("setup.py"))
        text = known or ""
        data = tuple(Write(Place(path, True), WriteKind.INSTALL) for path in _data_directories(text))
        if "develop" in words and call.directory == "/":  # no tree of its own: what it makes there is named
            data += (Write(Place("/*.egg-info", True), WriteKind.INSTALL),)
        if known is None and words & {"install"} and not call.parsed.has("--root", "--user", "--prefix"):
            data += tuple(Write(Place(p, True), WriteKind.INSTALL, Basis.UNKNOWN) for p in unread_places())
        dependencies = (LibraryChange("pypi", global_=True),)  # those of the project, which are built too
        writes = base.writes + installed(unpathed) + data
        return (replace(base, writes=writes, libraries=base.libraries or dependencies),)
    return (replace(base, phase=Phase.BUILD, libraries=()),)


def maturin_develop(call: Call, base: Effects) -> tuple[Part, ...]:
    """`maturin develop` installs what it builds, for the environment that is active."""
    return (replace(base, writes=base.writes + installed(replace(call, program="pip"))),)


def venv(call: Call, base: Effects) -> tuple[Part, ...]:
    """Makes environments: pip in them installs there."""
    targets = [call.path(argument.text) for argument in call.operands] or [call.path(".venv")]
    writes = tuple(Write(Place(target, True), WriteKind.INSTALL, Basis.PROVEN) for target in targets)
    learned = Learned({f"venv:{target}": (target,) for target in targets})
    return replace(base, writes=base.writes + writes), learned


def _project_environment(call: Call, in_project: bool, elsewhere: str) -> tuple[Write, ...]:
    place = Place(call.path(".venv"), True) if in_project else Place(elsewhere, True)
    return (Write(place, WriteKind.INSTALL),)


def pipenv(call: Call, base: Effects) -> tuple[Part, ...]:
    """pipenv: --system installs into the interpreter, else into an environment of the project."""
    operands = call.operands
    action = operands[0].text if operands else ""
    if action == "run":
        return replace(base, phase=Phase.NONE, libraries=()), Rerun(operands[1:], call.directory)
    lock = Write(call.place("Pipfile.lock"), WriteKind.EDIT)
    if call.parsed.has("--system"):
        return (replace(base, writes=(*base.writes, lock, *installed(replace(call, program="pip")))),)
    in_project = bool(call.env("PIPENV_VENV_IN_PROJECT"))
    places = _project_environment(call, in_project, f"{call.home}/.local/share/virtualenvs")
    return (replace(base, writes=(*base.writes, lock, *places)),)


def poetry(call: Call, base: Effects) -> tuple[Part, ...]:
    """poetry: where it installs is a setting, remembered from `poetry config`."""
    operands = call.operands
    action = operands[0].text if operands else ""
    words = [argument.text for argument in operands]
    if action == "run":
        return replace(base, phase=Phase.NONE, libraries=()), Rerun(operands[1:], call.directory)
    if action == "config":
        config = Write(Place(f"{call.home}/.config/pypoetry", True), WriteKind.EDIT)
        effects = replace(base, phase=Phase.BUILD, libraries=(), writes=(*base.writes, config))
        if len(words) > 2:
            return effects, Learned({f"poetry:{words[1].removeprefix('settings.')}": (words[2],)})
        return (effects,)
    if action in ("build", "new", "init", "version", "publish", "self", "cache", "source", "plugin"):
        tree = Write(call.place(".", True), WriteKind.TREE)
        home = Write(Place(f"{call.home}/.local", True), WriteKind.INSTALL)
        return (replace(base, phase=Phase.BUILD, libraries=(), writes=(*base.writes, tree, home)),)
    learned = call.state.learned
    creates = call.env("POETRY_VIRTUALENVS_CREATE") or learned.get("poetry:virtualenvs.create", ("true",))[0]
    lock = Write(call.place("poetry.lock"), WriteKind.EDIT)
    if creates.lower() in ("false", "0") or environment(replace(call, program="pip")) is not None:
        return (replace(base, writes=(*base.writes, lock, *installed(replace(call, program="pip")))),)
    inside = (
        call.env("POETRY_VIRTUALENVS_IN_PROJECT") or learned.get("poetry:virtualenvs.in-project", ("",))[0]
    )
    path = call.env("POETRY_VIRTUALENVS_PATH") or f"{call.home}/.cache/pypoetry/virtualenvs"
    places = _project_environment(call, inside.lower() in ("true", "1"), path)
    return (replace(base, writes=(*base.writes, lock, *places)),)


def uv_sync(call: Call, base: Effects) -> tuple[Part, ...]:
    """Uv sync: the project's environment, `.venv` or UV_PROJECT_ENVIRONMENT."""
    target = call.path(call.env("UV_PROJECT_ENVIRONMENT") or ".venv")
    writes = (
        Write(Place(target, True), WriteKind.INSTALL),
        Write(call.place("uv.lock"), WriteKind.EDIT),
        Write(call.place("pyproject.toml"), WriteKind.EDIT),
    )
    return replace(base, writes=base.writes + writes), Learned({f"venv:{target}": (target,)})


def conda_prefix(call: Call) -> str:
    """The root of the conda installation that is called."""
    if "/" in call.program:
        directory = posixpath.dirname(place_of(call.state.directory, call.program))
        if posixpath.basename(directory) in ("bin", "condabin"):
            return posixpath.dirname(directory)
    for directory in (call.env("PATH") or "").split(":"):
        if directory.endswith("/bin") and re.search(r"conda|mamba|miniforge", directory):
            return directory[:-4]
    return call.env("MAMBA_ROOT_PREFIX") or next(iter(call.places("conda.prefix")), "/opt/conda")


def conda(call: Call, base: Effects) -> tuple[Part, ...]:
    """Conda install, create, update, remove: a prefix, a named environment or the base one."""
    root = conda_prefix(call)
    if path := call.parsed.value("-p"):
        target = call.path(path)
    elif (name := call.parsed.value("-n")) and name not in ("base", "root"):
        target = f"{root}/envs/{name}"
    else:
        target = call.env("CONDA_PREFIX") or root
    writes = [Write(Place(target, True), WriteKind.INSTALL)]
    if not within(target, root) or target != root:
        writes.append(Write(Place(f"{root}/pkgs", True), WriteKind.BOOK))
    reads = base.reads + tuple(call.place(file) for file in call.parsed.values("--file"))
    return replace(base, reads=reads, writes=base.writes + tuple(writes)), Learned(
        {f"venv:{target}": (target,)}
    )


def conda_env(call: Call, base: Effects) -> tuple[Part, ...]:
    """Conda env create/update: the name may stand in the file."""
    root = conda_prefix(call)
    if call.operands and call.operands[0].text in ("list", "export", "config"):
        return (replace(base, phase=Phase.NONE, libraries=()),)
    file = call.parsed.value("-f") or call.parsed.value("--file") or "environment.yml"
    if path := call.parsed.value("-p"):
        target = call.path(path)
    elif name := call.parsed.value("-n"):
        target = root if name in ("base", "root") else f"{root}/envs/{name}"
    else:
        target = root
    names = [argument.text for argument in call.operands if argument.text.endswith((".yml", ".yaml"))]
    reads = base.reads + tuple(call.place(name) for name in {file, *names} if name)
    return (replace(base, reads=reads, writes=(*base.writes, Write(Place(target, True), WriteKind.INSTALL))),)


def conda_installer(call: Call, base: Effects) -> tuple[Part, ...]:
    """`Miniconda….sh -b -p PREFIX`; without -p below the home."""
    words = [argument.text for argument in call.arguments]
    prefix = next(
        (words[i + 1] for i, w in enumerate(words[:-1]) if re.fullmatch(r"-[bfumst]*p", w)), None
    ) or next((w.partition("=")[2] for w in words if w.startswith("--prefix=")), None)
    target = call.path(prefix) if prefix else f"{call.home}/miniconda*"
    write = Write(Place(target, True), WriteKind.INSTALL, Basis.PROVEN if prefix else Basis.CONVENTION)
    return replace(base, writes=(*base.writes, write)), Learned(
        {"conda.prefix": (target,), f"venv:{target}": (target,)}
    )


HANDLERS: dict[str, Handler] = {
    "pip_install": pip_install,
    "pip_uninstall": pip_uninstall,
    "pip_wheel": pip_wheel,
    "pip_bootstrap": pip_bootstrap,
    "setup_py": setup_py,
    "maturin_develop": maturin_develop,
    "venv": venv,
    "pipenv": pipenv,
    "poetry": poetry,
    "uv_sync": uv_sync,
    "conda": conda,
    "conda_env": conda_env,
    "conda_installer": conda_installer,
}
