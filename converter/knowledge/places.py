"""Directories with a meaning of their own: shared ones, scratch space, homes of tool chains."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from msgspec import Struct

from converter.knowledge.tables import table


class _Table(Struct, frozen=True):
    shared: frozenset[str]
    furnished: frozenset[str]
    everywhere: frozenset[str]
    open: frozenset[str]
    anywhere: tuple[str, ...]
    by_hand: tuple[str, ...]
    by_hand_if_named: tuple[str, ...]
    small: dict[str, tuple[str, ...]]
    scratch: tuple[str, ...]
    packaged: tuple[str, ...]
    headers: tuple[str, ...]
    sources: tuple[str, ...]
    alternatives: tuple[str, ...]
    missing: dict[str, frozenset[str]]
    only_in: dict[str, tuple[str, ...]]
    only_with: dict[str, str]
    makers: dict[str, frozenset[str]]
    toolchain: re.Pattern[str]
    source_suffixes: tuple[str, ...]
    unneeded_suffixes: tuple[str, ...]
    unneeded_names: frozenset[str]
    distribution: re.Pattern[str]
    service_data: tuple[str, ...]
    keyrings: tuple[str, ...]
    configured: dict[str, tuple[str, ...]]
    outside: dict[str, tuple[str, ...]]
    installed: dict[str, tuple[str, ...]]
    outside_targets: dict[re.Pattern[str], tuple[str, ...]]
    account_targets: re.Pattern[str]
    slips: tuple[str, ...]
    package_caches: dict[str, str]
    modules: dict[str, tuple[str, ...]]
    module_headers: dict[str, frozenset[str]]
    toolchain_users: dict[str, frozenset[str]]


@cache
def _own_settings() -> re.Pattern[str]:
    """The home of an account but root's, where what follows is its own: a hidden name."""
    homes = table("base_images/distributions.toml")["homes"].values()
    known = sorted(
        {re.escape(home.rstrip("/")) for accounts in homes for home in accounts.values()} - {"/root"}
    )
    return re.compile(rf"^(?:/home/[^/]+|{'|'.join(known)})(?=/\.)")


@cache
def _table() -> _Table:
    raw = table("places.toml")
    names = "|".join(re.escape(name) for name in raw["toolchain"])
    folders = "|".join(re.escape(name).replace(r"\*", "[^/]+") for name in raw["distributions"])
    return _Table(
        frozenset(raw["shared"]),
        frozenset(raw["furnished"]),
        frozenset(raw["everywhere"]),
        frozenset(raw["open"]),
        tuple(raw["anywhere"]),
        tuple(raw["by_hand"]),
        tuple(raw["by_hand_if_named"]),
        {language: tuple(paths) for language, paths in raw["small"].items()},
        tuple(raw["scratch"]),
        tuple(raw["packaged"]),
        tuple(raw["headers"]),
        tuple(raw["sources"]),
        tuple(raw["alternatives"]),
        {family: frozenset(paths) for family, paths in raw["missing"].items()},
        {path: tuple(families) for path, families in raw["only_in"].items()},
        dict(raw["only_with"]),
        {program: frozenset(names) for program, names in raw["makers"].items()},
        re.compile(rf"/(?:{names})(?:-?v?[\d.]+)?$"),
        tuple(raw["source_suffixes"]),
        tuple(raw["unneeded_suffixes"]),
        frozenset(raw["unneeded_names"]),
        re.compile(rf".*/(?:{folders})(?=/bin/[^/]+$)"),
        tuple(raw["service_data"]),
        tuple(raw["keyrings"]),
        {project: tuple(paths) for project, paths in raw["configured"].items()},
        {project: tuple(paths) for project, paths in raw["outside"].items()},
        _by_name(raw["installed"]),
        {re.compile(target): tuple(paths) for target, paths in raw["outside_targets"].items()},
        re.compile(raw["targets"]["accounts"]),
        tuple(raw["slips"]),
        dict(raw["package_caches"]),
        {places: tuple(names) for places, names in raw["modules"].items()},
        {place: frozenset(names) for place, names in raw["module_headers"].items()},
        {name: frozenset(ecosystems) for name, ecosystems in raw["toolchain_users"].items()},
    )


def _by_name(names: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    """Places by the names of the projects that fill them."""
    return {name: (place,) if place else () for place, projects in names.items() for name in projects}


def is_shared(path: str) -> bool:
    """Whether a directory belongs to no program alone (`/usr/local`, `/opt`, `/etc`, a home of `/home`)."""
    return path in _table().shared or is_home(path)


def has_directory(family: str, path: str) -> bool:
    """Whether images of a family are known to have a directory from the start."""
    return family in _table().furnished and path in _table().everywhere


def is_given(path: str) -> bool:
    """Whether a directory is there without any program: systems have it, or accounts."""
    return is_home(path) or (is_shared(path) and (path.count("/") < 2 or path in _table().everywhere))


def is_home(path: str) -> bool:
    """Whether a directory is somebody's home by its name; it need not be there."""
    return re.fullmatch(r"/home/[^/.]+", path) is not None


def is_open(path: str) -> bool:
    """Whether it is shared by name, but left empty by base images, so that a tree may lie directly in it."""
    return path in _table().open or is_home(path)


def is_small(path: str, languages: tuple[str, ...]) -> bool:
    """Whether a shared directory of a language's image is small enough to be copied whole."""
    return any(path in _table().small.get(language, ()) for language in languages)


def holds_sources(path: str) -> bool:
    """Whether a path lies where sources are usually built (`/usr/src`), which may still be what runs."""
    return any(path.startswith(place + "/") for place in _table().sources)


def configured_places(tree: str) -> tuple[str, ...]:
    """Where an install goes if the configure script of a source tree is not told: the prefix first."""
    name = tree.rpartition("/")[2].lower()
    known = _table().configured
    return next((places for project, places in known.items() if name.startswith(project)), ("/usr/local",))


def unread_places() -> tuple[str, ...]:
    """Where an install may put files of which nobody can read what it does."""
    return _table().anywhere


def filled_by_hand(named: bool = False) -> tuple[str, ...]:
    """Directories that systems leave empty, where few such installs put files; or fewer, unless they are `named`."""
    return (*_table().by_hand, *_table().by_hand_if_named) if named else _table().by_hand


def outside_places(tree: str) -> tuple[str, ...]:
    """Where a source tree, or one around it, installs outside of its prefix, by its name: `bluez-5.47`."""
    return tuple(place for name in _projects(tree) for place in _table().outside.get(name, ()))


def installed_places(tree: str) -> tuple[str, ...] | None:
    """Where the Makefile of a source tree, or of one around it, installs, by its name; None if nobody knows it."""
    return next((_table().installed[name] for name in _projects(tree) if name in _table().installed), None)


def _projects(tree: str) -> tuple[str, ...]:
    """The names of a tree and those around it, the innermost first, without versions."""
    return tuple(re.sub(r"-?v?\d.*", "", part) for part in reversed(tree.lower().split("/")))


def places_of_target(target: str) -> tuple[str, ...]:
    """Where a target of make installs outside of the prefix of its project: `install-init`."""
    return tuple(
        place
        for pattern, places in _table().outside_targets.items()
        if pattern.fullmatch(target)
        for place in places
    )


def makes_accounts(target: str) -> bool:
    """Whether a target of make is likely to make accounts: `user-config`."""
    return _table().account_targets.fullmatch(target) is not None


def module_places(tree: str) -> tuple[str, ...]:
    """The servers' places of modules that a source tree is for, or one around it, by its name."""
    parts = tree.lower().split("/")
    return tuple(
        places for places, names in _table().modules.items() if any(part.startswith(names) for part in parts)
    )


def is_packaged(path: str) -> bool:
    """Whether a path lies where distributions put the programs and scripts of their packages."""
    return any(path.startswith(place + "/") for place in _table().packaged)


def packaged_module_places(packages: Iterable[str]) -> tuple[str, ...]:
    """Where an install puts modules of servers whose headers are among these packages."""
    names = set(packages)
    return tuple(place for place, headers in _table().module_headers.items() if names & headers)


def is_header(path: str) -> bool:
    """Whether a path holds headers or manuals, which no running program needs."""
    return any(path == place or path.startswith(place + "/") for place in _table().headers)


@lru_cache(maxsize=1024)
def scratch_place(path: str) -> str | None:
    """The build-time place that a path lies in: scratch space, a cache, a tool chain's home; or None."""
    for place in _table().scratch:
        if path == place or path.startswith(place + "/"):
            return place
    return toolchain_home(path)


def toolchain_home(path: str) -> str | None:
    """The directory of an unpacked tool chain that a path lies in (`/usr/local/go`, `/opt/gradle-7.2`), or None."""
    parts = path.split("/")
    for end in range(2, len(parts) + 1):
        directory = "/".join(parts[:end])
        if _table().toolchain.search(directory) and not is_shared(directory):
            return directory
    return None


def may_run_toolchain(home: str, ecosystem: str) -> bool:
    """Whether installs of language packages may run programs of the tool chain in a directory."""
    name = re.sub(r"-?v?\d[\d.]*$", "", home.rpartition("/")[2])
    users = _table().toolchain_users.get(name)
    return users is None or ecosystem in users


def is_one_of_several(path: str) -> bool:
    """Whether a path lies in a directory that a tool only fills in some versions and surroundings."""
    plain = re.sub(r"^(?:/root|/home/[^/]+)(?=/)", "~", _own_settings().sub("~", path))
    return any(plain == place or plain.startswith(place + "/") for place in _table().alternatives)


def may_lack(family: str, path: str) -> bool:
    """Whether images of a family lack a shared directory until something is put there."""
    return path in _table().missing.get(family, ())


def is_elsewhere(family: str, path: str) -> bool:
    """Whether only images of other families have a directory; of an unknown family nothing is known."""
    families = _table().only_in.get(path)
    return families is not None and family not in (*families, "unknown", "distroless")


def comes_with(path: str) -> str | None:
    """The program with whose package a directory comes, if it comes with one."""
    return _table().only_with.get(path)


def makes_another(program: str, command: str, directory: str) -> bool:
    """Whether a command in a directory brings another program of a name than the system's package."""
    built = command == "configure" and directory.rpartition("/")[2].startswith(program)
    return built or command in _table().makers.get(program, ())


def package_cache(manager: str) -> str | None:
    """What a package manager fills with every install and leaves in the layer, or None if that is nothing known."""
    return _table().package_caches.get(manager)


def is_home_cache(path: str) -> bool:
    """Whether a path in somebody's home is what in root's home would be a cache or a tool chain's home."""
    own = _own_settings().match(path)
    return own is not None and scratch_place("/root" + path[own.end() :]) is not None


def needed_at_run_time(name: str) -> bool:
    """Whether an entry of a compiled program's tree may be read by the program (templates, not sources)."""
    suffixes = _table().unneeded_suffixes
    return name not in _table().unneeded_names and not name.endswith(suffixes) and not is_source(name)


def is_source(name: str) -> bool:
    """Whether a file is a source of a compiled language, which only its compiler reads."""
    return name.endswith(_table().source_suffixes)


def distribution(program: str) -> str | None:
    """The folder with all that a program needs that a build tool put into its `bin`, or None if it is no such one."""
    found = _table().distribution.match(program)
    return found.group() if found else None


def is_service_data(path: str) -> bool:
    """Whether a path lies where services keep what they store."""
    return any(path == place or path.startswith(place + "/") for place in _table().service_data)


def is_keyring(path: str) -> bool:
    """Whether a file holds keys that a package manager looks for before it installs anything."""
    return any(path.startswith(place + "/") for place in _table().keyrings)


def is_slip(path: str) -> bool:
    """Whether the target of a redirect was none to its author (`pip install requests>=2.0`)."""
    return path.rpartition("/")[2].startswith(_table().slips)
