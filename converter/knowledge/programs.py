"""What programs do that containers start: interpreters, services, idle programs, tool chains."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache, lru_cache

from msgspec import Struct

from converter.knowledge.tables import table


class ProgramTable(Struct, frozen=True):
    """The table of `data/programs.toml`; names may end in `*`, which stands for a version."""

    interpreter: dict[str, tuple[str, ...]]
    shells: tuple[str, ...]
    repl: tuple[str, ...]
    idle: tuple[str, ...]
    login: tuple[str, ...]
    jobs: tuple[str, ...]
    job_images: tuple[str, ...]
    launcher: frozenset[str]
    toolchain: dict[str, tuple[str, ...]]
    service: dict[str, tuple[str, ...]]
    builder_too: frozenset[str]
    refreshing: frozenset[str]
    compiled: frozenset[str]
    building_scripts: tuple[str, ...]
    everywhere: frozenset[str]
    builtin: frozenset[str]
    variables: frozenset[str]
    own_variables: dict[str, tuple[str, ...]]
    checking: frozenset[str]
    package_queries: dict[str, tuple[str, ...]]
    wrapper: frozenset[str]
    running: dict[str, tuple[str, ...]]
    ending: dict[str, tuple[str, ...]]
    standard: frozenset[str]
    cloning: frozenset[str]
    account_removal: frozenset[str]
    inputs: dict[str, tuple[str, ...]]
    library_lists: frozenset[str]
    relinking: frozenset[str]
    waiting: frozenset[str]
    talking: frozenset[str]
    system_init: frozenset[str]
    in_scripts: frozenset[str]
    shell_scripts: tuple[str, ...]
    without_development: dict[str, tuple[str, ...]]


@cache
def _table() -> ProgramTable:
    raw = table("programs.toml")
    return ProgramTable(
        interpreter={name: tuple(names) for name, names in raw["interpreter"].items()},
        shells=tuple(raw["toolbox"]["shells"]),
        repl=tuple(raw["toolbox"]["repl"]),
        idle=tuple(raw["toolbox"]["idle"]),
        login=tuple(raw["toolbox"]["login"]),
        jobs=tuple(raw["toolbox"]["jobs"]),
        job_images=tuple(raw["toolbox"]["job_images"]),
        launcher=frozenset(raw["launcher"]["names"]),
        toolchain={name: tuple(words) for name, words in raw["toolchain"].items()},
        service={name: tuple(paths) for name, paths in raw["service"].items()},
        builder_too=frozenset(raw["builder_too"]["names"]),
        refreshing=frozenset(raw["refreshing"]["names"]),
        compiled=frozenset(raw["compiled"]["names"]),
        building_scripts=tuple(raw["building_scripts"]["names"]),
        everywhere=frozenset(raw["everywhere"]["packages"]),
        builtin=frozenset(raw["builtin"]["names"]),
        variables=frozenset(raw["variables"]["names"]),
        own_variables={name: tuple(words) for name, words in raw["own_variables"].items()},
        checking=frozenset(raw["checking"]["names"]),
        package_queries={name: tuple(words) for name, words in raw["package_queries"].items()},
        wrapper=frozenset(raw["wrapper"]["names"]),
        running={name: tuple(words) for name, words in raw["running"].items()},
        ending={name: tuple(words) for name, words in raw["ending"].items()},
        standard=frozenset(raw["standard"]["modules"]),
        cloning=frozenset(raw["cloning"]["names"]),
        account_removal=frozenset(raw["account_removal"]["names"]),
        inputs={name: tuple(paths) for name, paths in raw["inputs"].items()},
        library_lists=frozenset(raw["library_lists"]["names"]),
        relinking=frozenset(raw["relinking"]["names"]),
        waiting=frozenset(raw["waiting"]["names"]),
        talking=frozenset(raw["talking"]["names"]),
        system_init=frozenset(raw["system_init"]["paths"]),
        in_scripts=frozenset(raw["in_scripts"]["names"]),
        shell_scripts=tuple(raw["shell_scripts"]["endings"]),
        without_development={name: tuple(words) for name, words in raw["without_development"].items()},
    )


def _matches(name: str, names: tuple[str, ...]) -> bool:
    if name in names:
        return True
    stem = re.sub(r"[\d.]+$", "", name)
    return stem != name and f"{stem}*" in names


@lru_cache(maxsize=1024)
def interpreter_of(program: str) -> str | None:
    """The language of a program that runs a text given to it (`gunicorn` is python), or None."""
    for language, names in _table().interpreter.items():
        if _matches(program, names):
            return language
    return None


def is_shell(program: str) -> bool:
    """Whether it is a command shell."""
    return program in _table().shells


def is_repl(program: str) -> bool:
    """Whether it waits for a person when it is started without arguments."""
    return program in _table().shells or _matches(program, _table().repl)


def is_idle(program: str, arguments: tuple[str, ...]) -> bool:
    """Whether it does nothing but keep the container alive (`sleep infinity`, `tail -f /dev/null`)."""
    if program not in _table().idle:
        return False
    return (
        program in ("true", "top", "htop")
        or any(
            word in ("/dev/null", "infinity", "inf") or (program == "sleep" and word.rstrip("smhd").isdigit())
            for word in arguments
        )
        or (program == "cat" and not arguments)
    )


def lets_people_in(program: str) -> bool:
    """Whether it gives people a shell in the container (`sshd`)."""
    return program in _table().login


def runs_jobs(program: str) -> bool:
    """Whether it runs the jobs of others in the container, as agents of build servers do."""
    return program in _table().jobs


def is_job_image(repository: str) -> bool:
    """Whether an image is one of those in which jobs of others run, by its name."""
    return any(word in repository for word in _table().job_images)


def is_launcher(program: str) -> bool:
    """Whether it starts whatever its configuration names (`supervisord`)."""
    return program in _table().launcher


def needs_toolchain(program: str, arguments: tuple[str, ...], told_more: bool = False) -> bool:
    """Whether starting it in the container needs compilers or build tools there (`cargo run`).

    `told_more`: other words may follow its arguments.
    """
    words = _table().toolchain.get(program)
    if words is None:
        return False
    operands = [word for word in arguments if not word.startswith(("-", "+"))]
    return not words or (next(iter(operands), "") in words and bool(operands or not told_more))


def is_building_script(name: str) -> bool:
    """Whether a script is called like one that builds something."""
    return any(fnmatchcase(name, pattern) for pattern in _table().building_scripts)


def service_places(program: str) -> tuple[str, ...] | None:
    """Directories that a known service reads, or None if it is no known service."""
    name = re.sub(r"^php-fpm.*", "php-fpm", program)
    return _table().service.get(name)


def serves_builder(program: str) -> bool:
    """Whether a run-time program's work is seen by later build steps too (`ldconfig`, certificates)."""
    return program in _table().builder_too


def refreshes(program: str) -> bool:
    """Whether a program only prepares what its own package brings."""
    return program in _table().refreshing


def makes_one_product(program: str) -> bool:
    """Whether a build tool makes one program or archive, which needs nothing else of the tree it was built in."""
    return program in _table().compiled


def is_everywhere(package: str) -> bool:
    """Whether the commands of a package are in every image that has a shell."""
    return package in _table().everywhere


def is_builtin(name: str) -> bool:
    """Whether the shell itself runs a word."""
    return name in _table().builtin


def is_read_everywhere(variable: str) -> bool:
    """Whether any program may look at an environment variable, a package's installation among them."""
    return variable in _table().variables


def is_not_owned(variable: str) -> bool:
    """Whether an environment variable is not known as one that only some programs read."""
    return not any(variable in names for names in _table().own_variables.values())


def own_variables(program: str) -> tuple[str, ...]:
    """Environment variables by which a program is told where to work."""
    return _table().own_variables.get(program, ())


def asks(program: str, arguments: tuple[str, ...]) -> bool:
    """Whether an installer asks before it brings more than it was told by name, since no option answers."""
    known = table("programs.toml")["asking"]
    return program in known["programs"] and not any(re.fullmatch(known["answers"], a) for a in arguments)


def answers_itself(text: str) -> bool:
    """Whether a text has the setting that makes installers answer by themselves."""
    return re.search(table("programs.toml")["asking"]["setting"], text) is not None


def linked_folders(program: str, arguments: tuple[str, ...]) -> tuple[str, ...]:
    """The folders that a manager of Node's packages links to, as the words name them."""
    known = table("programs.toml")["linking"]
    operands = [word for word in arguments if not word.startswith("-")]
    first = operands[0] if operands else ""
    globally = first in known["install"] and not set(known["globally"]).isdisjoint(arguments)
    if program not in known["programs"] or not (globally or first in known["link"]):
        return ()
    if len(operands) == 1:
        return (".",)
    folders = (word for word in operands[1:] if word.startswith((".", "/", "file:")))
    return tuple(f.removeprefix("file:") for f in folders if not f.endswith(("gz", ".tar")))


def clones(program: str) -> bool:
    """Whether a program fetches a project into a directory of its own."""
    return program in _table().cloning


def removes_accounts(program: str) -> bool:
    """Whether a program removes users or groups."""
    return program in _table().account_removal


def lists_libraries(program: str) -> bool:
    """Whether a program tells which libraries others load (`ldd`)."""
    return program in _table().library_lists


def relinks(program: str) -> bool:
    """Whether a program says which other one a name starts."""
    return program in _table().relinking


def waits(program: str) -> bool:
    """Whether a program only lets time pass."""
    return program in _table().waiting


def talks(program: str) -> bool:
    """Whether a program only says something."""
    return program in _table().talking


def is_system_init(path: str) -> bool:
    """Whether it is the system's own first process."""
    return path in _table().system_init


def is_shell_script(path: str) -> bool:
    """Whether a file is a script of a shell by its name."""
    return path.endswith(_table().shell_scripts)


def may_call_tools(script: str) -> bool:
    """Whether a script may call tools of builds when the container starts: one of a shell, by its name."""
    return not script.endswith(tuple(table("programs.toml")["in_scripts"]["unlikely"]))


def is_called_by_scripts(program: str) -> bool:
    """Whether a tool of builds is also one that scripts call when a container starts (`pip install -r FILE`)."""
    return program in _table().in_scripts


def is_interpreted(language: str) -> bool:
    """Whether programs of a language need its interpreter or virtual machine when they run."""
    return language in _table().interpreter


def inputs_of_programs() -> Mapping[str, tuple[str, ...]]:
    """Files in build-time places by the programs that read them whenever people run these."""
    return _table().inputs


def only_checks(programs: Iterable[str]) -> bool:
    """Whether programs do no more than check signatures of what others brought."""
    return _table().checking.issuperset(programs)


def asks_for_packages(program: str, arguments: Iterable[str]) -> bool:
    """Whether a command tells which packages are there (`dpkg -l`, `rpm -q`)."""
    return any(word.startswith(_table().package_queries.get(program, ())) for word in arguments)


def leaves_out_development(program: str, arguments: Iterable[str], environment: Mapping[str, str]) -> bool:
    """Whether a package manager of a language removes packages that only development needs: `npm prune --omit=dev`."""
    words = f" {' '.join(arguments)} ".replace("=", " ").replace(" true ", " ")
    known = _table().without_development.get(program)
    if known is None or " false " in words:
        return False
    in_production = environment.get("NODE_ENV") == "production" and interpreter_of(program) == "node"
    return in_production or any(f" {word} " in words for word in known)


def is_wrapper(program: str) -> bool:
    """Whether a program only runs the rest of its command line (tini, gosu)."""
    return program in _table().wrapper


def starts_services(program: str, arguments: Sequence[str]) -> bool:
    """Whether a command line returns at once and leaves a service running: `service mysql start`."""
    return _says(_table().running, program, arguments)


def ends_services(program: str, arguments: Sequence[str]) -> bool:
    """Whether a command line ends what runs in the background: `service mysql stop`, `kill %1`."""
    return _says(_table().ending, program, arguments)


def _says(table: Mapping[str, tuple[str, ...]], program: str, arguments: Sequence[str]) -> bool:
    """Whether a program has one of its words in a table among its arguments, or needs none."""
    folder, name = posixpath.split(program)
    words = table.get("service" if folder.endswith("/init.d") else name)
    return words is not None and (not words or any(word in words for word in arguments))


def is_standard_module(module: str) -> bool:
    """Whether `python -m MODULE` runs a part of Python itself."""
    return module.partition(".")[0] in _table().standard
