"""Good conversions are broken in one way each: the comparison finds every one, and calls no good one bad."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from msgspec.structs import replace as replace_struct

from converter.diagnostics import Severity
from converter.verify.comparison import Intended, compare
from converter.verify.differences import Difference, LacksPath, Level
from converter.verify.images.model import Configuration, Elf, Entry, Image, Kind, Names
from converter.verify.intended import intended_by_bases
from tests.verify.archives import Directory, File, Link
from tests.verify.compare.good_pair import (
    LIBS,
    LOADER,
    PURE,
    Draft,
    conversion,
    library,
    original,
    program,
    text,
)
from tests.verify.elf_files import elf

INTENDED = Intended(environment=frozenset({"GOPATH"}))
ORIGINAL = original().image()
FOLDER = Entry(Kind.DIRECTORY, 0o755)

Mutation = Callable[[Draft], None]


def differences(converted: Draft, intended: Intended = INTENDED) -> tuple[Difference, ...]:
    return compare(ORIGINAL, converted.image(), intended)


def errors(found: tuple[Difference, ...]) -> list[Difference]:
    return [difference for difference in found if difference.severity is Severity.ERROR]


def without(*paths: str) -> Mutation:
    return lambda draft: draft.remove(*paths)


def changed(path: str, **fields: Any) -> Mutation:
    def mutate(draft: Draft) -> None:
        node = draft.files[path]
        assert isinstance(node, File | Directory)
        draft.files[path] = replace(node, **fields)

    return mutate


def replaced(path: str, node: Any) -> Mutation:
    def mutate(draft: Draft) -> None:
        assert path in draft.files
        draft.files[path] = node

    return mutate


def configured(key: str, value: Any) -> Mutation:
    return lambda draft: draft.config.__setitem__(key, value)


def edited(path: str, old: str, new: str) -> Mutation:
    def mutate(draft: Draft) -> None:
        node = draft.files[path]
        assert isinstance(node, File)
        assert old.encode() in node.content
        draft.files[path] = replace(node, content=node.content.replace(old.encode(), new.encode()))

    return mutate


def with_musl(draft: Draft) -> None:
    draft.remove(f"usr/{LOADER}", f"{LIBS}/libc.so.6")
    draft.files["usr/lib/ld-musl-x86_64.so.1"] = library("libc.so")


def renumbered(draft: Draft) -> None:
    """The account of a package got other numbers, since that of the builder's package is absent."""
    edited("etc/passwd", "_tools:x:102:103:", "_tools:x:101:102:")(draft)
    edited("etc/group", "_tools:x:103:", "_tools:x:102:")(draft)
    changed("var/spool/tools", uid=101, gid=102)(draft)


def renumbered_but(path: str, **fields: Any) -> Mutation:
    def mutate(draft: Draft) -> None:
        renumbered(draft)
        changed(path, **fields)(draft)

    return mutate


MUTANTS: dict[str, tuple[Mutation, Level]] = {
    # configuration
    "no HEALTHCHECK": (configured("Healthcheck", None), Level.CONFIGURATION),
    "HEALTHCHECK with another interval": (
        configured("Healthcheck", {"Test": ["CMD", "pinger", "localhost"]}),
        Level.CONFIGURATION,
    ),
    "a lost ENV": (configured("Env", ["PATH=/usr/local/bin:/usr/bin:/bin"]), Level.CONFIGURATION),
    "another PATH": (configured("Env", ["PATH=/usr/bin:/bin", "LANG=C.UTF-8"]), Level.CONFIGURATION),
    "no USER": (configured("User", ""), Level.CONFIGURATION),
    "another WORKDIR": (configured("WorkingDir", "/"), Level.CONFIGURATION),
    "another CMD": (configured("Cmd", ["server"]), Level.CONFIGURATION),
    "a lost ENTRYPOINT": (configured("Entrypoint", None), Level.CONFIGURATION),
    "a lost port": (configured("ExposedPorts", {}), Level.CONFIGURATION),
    "a lost volume": (configured("Volumes", None), Level.CONFIGURATION),
    "a lost STOPSIGNAL": (configured("StopSignal", ""), Level.CONFIGURATION),
    "a lost SHELL": (configured("Shell", None), Level.CONFIGURATION),
    "a lost LABEL": (configured("Labels", {}), Level.CONFIGURATION),
    "a new ONBUILD": (configured("OnBuild", ["RUN true"]), Level.CONFIGURATION),
    # identities
    "a lost user": (edited("etc/passwd", "app:x:990:990::/home/app:/bin/sh\n", ""), Level.IDENTITIES),
    "a moved uid": (edited("etc/passwd", "app:x:990:", "app:x:101:"), Level.IDENTITIES),
    "a moved gid": (edited("etc/group", "app:x:990:", "app:x:101:"), Level.IDENTITIES),
    "another home": (edited("etc/passwd", "/home/app", "/nonexistent"), Level.IDENTITIES),
    "another shell": (edited("etc/passwd", "/home/app:/bin/sh", "/home/app:/bin/cat"), Level.IDENTITIES),
    "a lost group": (edited("etc/group", "app:x:990:\n", ""), Level.IDENTITIES),
    "a lost member": (edited("etc/group", "media:x:991:app", "media:x:991:"), Level.IDENTITIES),
    "an old number of a package's account": (
        renumbered_but("var/spool/tools", uid=102, gid=102),
        Level.IDENTITIES,
    ),
    # paths
    "another owner": (changed("etc/app/app.ini", gid=0), Level.PATHS),
    "another owner of a directory": (changed("work", uid=0, gid=0), Level.PATHS),
    "another mode of a program": (changed("usr/local/bin/tool", mode=0o644), Level.PATHS),
    "another mode of a setting": (changed("etc/app/app.ini", mode=0o644), Level.PATHS),
    "/tmp of root alone": (changed("tmp", mode=0o755), Level.PATHS),
    "lost capabilities": (changed("usr/local/bin/pinger", capabilities=""), Level.PATHS),
    "a changed setting": (edited("etc/app/app.ini", "port = 1", "port = 2"), Level.PATHS),
    "a package's setting as it was delivered": (
        replaced("etc/default/app", text("delivered\n")),
        Level.PATHS,
    ),
    "a lost name service": (edited("etc/nsswitch.conf", " dns", ""), Level.PATHS),
    "a changed source": (edited("app/main.py", "flask", "bottle"), Level.PATHS),
    "a changed template": (edited("app/templates/index.html", "html", "body"), Level.PATHS),
    "a directory instead of a file": (replaced("app/data/words.json", Directory()), Level.PATHS),
    "text instead of a program": (replaced("usr/local/bin/tool", text("x", 0o755)), Level.PATHS),
    "a program of another platform": (
        replaced("usr/local/bin/tool", File(elf(["libc.so.6"], machine=183), 0o755)),
        Level.PATHS,
    ),
    "a lost data file": (without("app/data/words.json"), Level.PATHS),
    "a lost template": (without("app/templates/error.html"), Level.PATHS),
    "a lost directory of templates": (without("app/templates"), Level.PATHS),
    "a lost ini file": (without("usr/local/etc/php/conf.d/zip.ini"), Level.PATHS),
    "a module that is not enabled": (without("etc/app/mods-enabled/ssl.load"), Level.PATHS),
    "a lost setting of the home": (without("home/app/.apprc"), Level.PATHS),
    # links
    "a dangling link": (without("usr/local/bin/server"), Level.LINKS),
    "a link that leads elsewhere": (replaced("usr/local/bin/current", Link("tool")), Level.LINKS),
    "a link that became another file": (replaced("usr/local/bin/current", text("x")), Level.LINKS),
    # ELF
    "a lost library": (without("usr/local/private/libown.so.2"), Level.ELF),
    "a lost library of a library": (
        without("usr/local/lib/libdeep.so.1", "usr/local/lib/libdeep.so.1.5"),
        Level.ELF,
    ),
    "no directory of libraries for the linker": (without("etc/ld.so.conf.d/local.conf"), Level.ELF),
    "another C library": (with_musl, Level.ELF),
    "an older C library": (
        replaced(f"{LIBS}/libc.so.6", File(elf(soname="libc.so.6", defined=["GLIBC_2.2.5"]))),
        Level.ELF,
    ),
    "a library of another platform": (
        replaced("usr/local/private/libown.so.2", File(elf(soname="libown.so.2.1", machine=183))),
        Level.ELF,
    ),
    "a program without its RPATH": (replaced("usr/local/bin/server", program("libown.so.2")), Level.ELF),
    # scripts
    "a lost tool of the entry point": (without("usr/local/bin/tool"), Level.SCRIPTS),
    "a lost entry point": (without("usr/local/bin/entry.sh"), Level.SCRIPTS),
    "a lost script of the entry point": (without("app/lib/common.sh"), Level.SCRIPTS),
    "a lost tool of that script": (without("usr/bin/cat"), Level.SCRIPTS),
    "a lost setting of that script": (without("etc/app/app.ini"), Level.SCRIPTS),
    "a lost command of HEALTHCHECK": (without("usr/local/bin/pinger"), Level.SCRIPTS),
    "a lost interpreter": (without("usr/bin/perl"), Level.SCRIPTS),
    "no interpreter of a command that packages brought": (without("usr/bin/python3"), Level.SCRIPTS),
    "no shell": (without("usr/bin/sh"), Level.SCRIPTS),
    # languages
    "a lost Python distribution": (without(f"{PURE}/yaml", f"{PURE}/PyYAML-6.0.dist-info"), Level.LANGUAGES),
    "one that another needs": (without(f"{PURE}/click", f"{PURE}/click-8.1.dist-info"), Level.LANGUAGES),
    "a lost compiled part": (without(f"{PURE}/yaml/_yaml.cpython-311-x86_64-linux-gnu.so"), Level.LANGUAGES),
    "a lost node package": (without("app/node_modules/express"), Level.LANGUAGES),
    "a node package that another needs": (without("app/node_modules/qs"), Level.LANGUAGES),
    "a lost native addon": (without("app/node_modules/bcrypt/lib"), Level.LANGUAGES),
    # directories
    "no working directory": (without("work"), Level.DIRECTORIES),
    "an empty volume": (without("data/first.db"), Level.DIRECTORIES),
    "no directory for the volume": (without("data"), Level.DIRECTORIES),
    "no home": (without("home/app"), Level.DIRECTORIES),
    "no /tmp": (without("tmp"), Level.DIRECTORIES),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_is_found_on_its_level(name: str) -> None:
    mutate, level = MUTANTS[name]
    draft = conversion()
    mutate(draft)
    found = errors(differences(draft))
    assert level in {difference.level for difference in found}, [difference.message for difference in found]
    assert all(difference.help for difference in found)
    assert all(difference.code.startswith("MS71") for difference in found)


def test_the_good_conversion_has_no_error_and_no_warning() -> None:
    found = differences(conversion())
    assert [difference.message for difference in found if difference.severity is not Severity.NOTE] == []


def test_an_image_equals_itself() -> None:
    assert compare(ORIGINAL, ORIGINAL) == ()


GOOD: dict[str, Mutation] = {
    "no package data": without("var/lib/dpkg"),
    "a newer release of a package": lambda draft: draft.files.update(
        {
            "var/lib/dpkg/status": text("Package: base-files\nVersion: 12\n\nPackage: tools\nVersion: 2\n"),
            "usr/bin/cat": program(padding=b"newer"),
        }
    ),
    "a build with other time stamps": lambda draft: draft.files.update(
        {f"{PURE}/flask/__pycache__/x.pyc": text("1"), "var/log/dpkg.log": text("2")}
    ),
    "a package's account with other numbers": renumbered,
    "without name services of Avahi": edited("etc/nsswitch.conf", "mdns4_minimal [NOTFOUND=return] ", ""),
    "a larger final base": lambda draft: draft.files.update(
        {"usr/share/more/x": text("1"), "usr/bin/more": program(), "opt/extra/y.json": text("{}")}
    ),
    "sources beside the program": lambda draft: draft.files.update({"src/server": program("libc.so.6")}),
    "static programs": lambda draft: draft.files.update(
        {"usr/local/bin/tool": File(elf(dynamic=False), 0o755)}
    ),
    "spellings of one promise": lambda draft: draft.config.update(
        {"WorkingDir": "/work/", "StopSignal": "3", "ExposedPorts": {"8080": {}}, "Volumes": {"/data/": {}}}
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_other_good_conversions_have_no_error(name: str) -> None:
    draft = conversion()
    GOOD[name](draft)
    assert [difference.message for difference in errors(differences(draft))] == []


SHARED = {
    "time zones": "usr/share/zoneinfo",
    "certificates": "etc/ssl/certs/ca-certificates.crt",
    "services": "etc/services",
}


@pytest.mark.parametrize("name", SHARED)
def test_lost_shared_data_is_a_warning(name: str) -> None:
    draft = conversion()
    draft.remove(SHARED[name])
    found = differences(draft)
    assert errors(found) == []
    assert [d.code for d in found if d.level is Level.SHARED_DATA] == ["MS718"]


def test_data_of_one_package_is_one_difference_and_without_readers_a_note() -> None:
    before, after = original(), conversion()
    before.files.update({"etc/protocols": text("tcp 6\n"), "usr/share/fonts/x.ttf": text("x")})
    after.remove("etc/services")
    found = [d for d in compare(before.image(), after.image(), INTENDED) if d.code == "MS718"]
    assert [(d.severity, d.subject) for d in found] == [
        (Severity.WARNING, "/etc/services"),
        (Severity.NOTE, "/usr/share/fonts"),
    ]
    assert found[0].lacks == (LacksPath("/etc/services"), LacksPath("/etc/protocols"))
    after.files[f"{LIBS}/libfontconfig.so.1"] = library("libfontconfig.so.1")
    found = [d for d in compare(before.image(), after.image(), INTENDED) if d.subject == "/usr/share/fonts"]
    assert [d.severity for d in found] == [Severity.WARNING]


def test_the_order_is_errors_first_and_always_the_same() -> None:
    draft = conversion()
    draft.remove("tmp", "usr/share/zoneinfo", "app/templates/error.html")
    found = differences(draft)
    assert found == differences(draft)
    severities = [list(Severity).index(difference.severity) for difference in found]
    assert severities == sorted(severities)


def test_a_difference_that_is_not_intended_is_an_error() -> None:
    assert {d.subject for d in errors(differences(conversion(), Intended()))} == {"GOPATH"}


@pytest.mark.parametrize(
    ("own", "severity"),
    [
        (None, Severity.ERROR),
        (frozenset({"vendor"}), Severity.ERROR),
        (frozenset({"other"}), Severity.NOTE),
    ],
    ids=["unknown", "the file's own", "of the old base"],
)
def test_a_label_of_the_old_base_leaves_with_it(own: frozenset[str] | None, severity: Severity) -> None:
    before, after = (Image(Configuration(labels=labels), {}) for labels in ({"vendor": "x"}, {}))
    found = compare(before, after, Intended(own_labels=own))
    assert [difference.severity for difference in found if difference.subject == "vendor"] == [severity]


def test_a_library_that_a_program_loads_by_its_name_is_a_warning_that_says_what_is_lacking() -> None:
    app = Entry(Kind.FILE, 0o755, content=Elf("X86_64/64", opens=("libodbc.so.2", "libother.so.1")))
    lib = Entry(Kind.FILE, content=Elf("X86_64/64", soname="libodbc.so.2"))
    before = Image(Configuration(), {"/srv": FOLDER, "/srv/app": app, "/usr": FOLDER, "/usr/lib": FOLDER,
                                     "/usr/lib/libodbc.so.2": lib})  # fmt: skip
    after = Image(Configuration(), {"/srv": FOLDER, "/srv/app": app})
    found = [d for d in compare(before, after) if d.level is Level.ELF]
    assert [(d.severity, d.lacks) for d in found] == [
        (Severity.WARNING, (LacksPath("/usr/lib/libodbc.so.2"),))
    ]
    assert not [d for d in compare(before, before) if d.level is Level.ELF]


def node(*needs: str) -> Entry:
    return Entry(Kind.FILE, content=Names("node", needs))


def test_a_node_package_is_needed_where_it_is_the_nearest() -> None:
    modules = "/app/node_modules"
    packages = {
        "/app/package.json": node("express"),
        f"{modules}/express/package.json": node("debug"),
        f"{modules}/express/node_modules/debug/package.json": node(),
        f"{modules}/debug/package.json": node(),
        f"{modules}/mocha/package.json": node("debug"),
    }
    paths = {folder for path in packages for folder in folders(path)}
    before = {**dict.fromkeys(sorted(paths), FOLDER), **packages}

    def errors_without(lost: str) -> list[str]:
        after = {path: entry for path, entry in before.items() if not path.startswith(lost)}
        found = compare(Image(Configuration(), before), Image(Configuration(), after))
        return [d.message for d in found if d.severity is Severity.ERROR and d.level is Level.LANGUAGES]

    assert errors_without(f"{modules}/debug") == []
    assert len(errors_without(f"{modules}/express/node_modules/debug")) == 1


def folders(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(2, len(parts))]


def test_scratch_is_allowed_to_have_no_directory_for_temporary_files() -> None:
    draft = conversion()
    draft.remove("tmp")
    intended = replace_struct(INTENDED, paths=intended_by_bases("debian:bookworm", "scratch").paths)
    assert errors(differences(draft, intended)) == []
    assert "/tmp" in {d.subject for d in differences(draft, intended)}


def severities(mutate: Mutation, *subjects: str, intended: Intended = INTENDED) -> list[Severity]:
    """Of what is told of paths, after both images got the same files and the conversion was changed."""
    before, after = original(), conversion()
    for draft in (before, after):
        draft.files.update({path.lstrip("/"): text("one") for path in subjects})
    mutate(after)
    found = compare(before.image(), after.image(), intended)
    return [d.severity for d in found if d.code in ("MS712", "MS719")]


def other(*paths: str) -> Mutation:
    return lambda draft: draft.files.update({path.lstrip("/"): text("two") for path in paths})


BOOKKEEPING = (
    "/work/.git/index", "/work/.git/logs/HEAD", "/work/.git/logs/refs/remotes/origin/HEAD", "/work/.git/FETCH_HEAD",
    "/work/config.log", "/work/config.status", "/work/autom4te.cache/requests", "/work/m/__pycache__/a.cpython-311.pyc",
    "/home/app/env/lib/python3.11/site-packages/yaml/__pycache__/nodes.cpython-311.pyc", "/app/old.pyo",
)  # fmt: skip


def test_what_tools_note_for_themselves_is_no_difference() -> None:
    assert severities(other(*BOOKKEEPING), *BOOKKEEPING) == []


RANDOM = (
    "/work/fonts/.uuid", "/etc/ssh/ssh_host_rsa_key", "/etc/ssh/ssh_host_rsa_key.pub", "/work/machine-id",
    "/etc/mysql/debian.cnf", "/work/ssl-cert-snakeoil.key", "/work/build.log", "/var/lib/mysql/ibdata1",
)  # fmt: skip


def test_random_content_and_times_are_a_warning() -> None:
    assert set(severities(other(*RANDOM), *RANDOM)) == {Severity.WARNING}


def test_what_a_step_makes_at_random_is_a_warning() -> None:
    path = "/work/conf.yml"
    assert severities(other(path), path) == [Severity.ERROR]
    random = replace_struct(INTENDED, random=frozenset({"/conf.yml"}))
    assert severities(other(path), path, intended=random) == [Severity.WARNING]


def test_a_setting_that_the_script_of_a_package_makes_leaves_with_it() -> None:
    before, after = original(), conversion()

    def lost() -> list[str]:
        found = compare(before.image(), after.image(), INTENDED)
        return [d.subject for d in found if d.code == "MS719"]

    before.files["etc/networks"] = text("loopback 127.0.0.0\n")
    assert lost() == ["/etc/networks"]
    before.files["var/lib/dpkg/info/netbase.postinst"] = text("#!/bin/sh\ncat > /etc/networks <<E\n", 0o755)
    assert lost() == []
    after.files["var/lib/dpkg/status"] = text("Package: netbase\nVersion: 6\n")
    assert lost() == ["/etc/networks"]


CLONE = {"work/lib/CMakeLists.txt": text("project(x)\n"), "work/lib/data/x.json": text("{}")}
KEPT = {"work/app/y.json": text("{}")}


@pytest.mark.parametrize(
    ("tree", "more", "severity"),
    [
        (CLONE, {}, Severity.WARNING),
        ({"work/lib/data/x.json": text("{}")}, {}, Severity.ERROR),
        (
            CLONE,
            {"usr/local/bin/start": text("#!/bin/sh\nread x < /work/lib/data/x.json\n", 0o755)},
            Severity.ERROR,
        ),
        (CLONE, {"usr/local/bin/start": text("#!/bin/sh\ncd /work/library\n", 0o755)}, Severity.WARNING),
    ],
    ids=["a clone", "no build files", "named by a script", "another name"],
)
def test_a_tree_that_was_built_in_is_a_warning_unless_it_is_named(
    tree: Mapping[str, Any], more: Mapping[str, Any], severity: Severity
) -> None:
    before, after = original(), conversion()
    before.files.update({**tree, **KEPT, **more})
    after.files.update({**KEPT, **more})
    found = compare(before.image(), after.image(), INTENDED)
    assert [(d.severity, d.subject) for d in found if d.code == "MS719"] == [(severity, "/work/lib")]
