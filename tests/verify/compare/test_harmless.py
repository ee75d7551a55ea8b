"""Differences that look like damage and are none, each beside the damage of its kind that is still found."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pytest

from converter.diagnostics import Severity
from converter.verify.comparison import Intended, compare
from converter.verify.differences import Difference
from tests.verify.archives import Directory, File, Link, Node
from tests.verify.compare.good_pair import Draft, conversion, original, text
from tests.verify.compare.test_mutants import renumbered

INTENDED = Intended(environment=frozenset({"GOPATH"}))
ERROR, WARNING = Severity.ERROR, Severity.WARNING


def told(
    before: Mapping[str, Node], after: Mapping[str, Node], **config: object
) -> list[tuple[Severity, str]]:
    """Severity and subject of what is told besides notes, after original and conversion got these files."""
    drafts = original(), conversion()
    for draft, files in zip(drafts, (before, after), strict=True):
        draft.files.update(files)
        draft.config.update(config)
    return shown(compare(drafts[0].image(), drafts[1].image(), INTENDED))


def shown(found: tuple[Difference, ...]) -> list[tuple[Severity, str]]:
    return [(each.severity, each.subject) for each in found if each.severity is not Severity.NOTE]


def moved(intended: Intended = INTENDED, user: str = "app") -> tuple[Difference, ...]:
    """The account of a package got other numbers."""
    before, after = original(), conversion()
    renumbered(after)
    for draft in (before, after):
        draft.config["User"] = user
    return compare(before.image(), after.image(), intended)


def test_packages_accounts_with_other_numbers_are_one_warning() -> None:
    found = [each for each in moved() if each.severity is not Severity.NOTE]
    assert [(each.severity, each.code, each.subject) for each in found] == [(WARNING, "MS711", "accounts")]
    assert "group _tools (103, now 102), user _tools (102, now 101)" in found[0].message


@pytest.mark.parametrize("name", ["_tools", "102", "103"])
def test_an_account_that_the_dockerfile_names_keeps_its_number(name: str) -> None:
    found = shown(moved(Intended(environment=INTENDED.environment, accounts=frozenset({name}))))
    assert ERROR in {severity for severity, _ in found}


def test_an_account_that_acts_keeps_its_number() -> None:
    assert (ERROR, "user _tools") in shown(moved(user="_tools"))


def test_an_account_that_no_package_makes_keeps_its_number() -> None:
    before, after = original(), conversion()
    renumbered(after)
    for draft in (before, after):
        draft.files["var/lib/dpkg/info/tools.postinst"] = text("#!/bin/sh\nadduser --system tools2\n", 0o755)
    found = shown(compare(before.image(), after.image(), INTENDED))
    assert (ERROR, "group _tools") in found
    assert "accounts" not in {subject for _, subject in found}


def test_an_account_that_a_package_declares_is_its_own() -> None:
    declared = "usr/lib/sysusers.d/tools.conf"
    before, after = original(), conversion()
    renumbered(after)
    for draft in (before, after):
        draft.remove("var/lib/dpkg/info/tools.postinst")
        draft.files[declared] = text("u _tools - - /var/spool/tools\n")
    found = shown(compare(before.image(), after.image(), INTENDED))
    assert found == [(WARNING, "accounts")]


@pytest.mark.parametrize(
    ("path", "severity"), [("etc/tools/x", WARNING), ("srv/x", ERROR), ("data/x", ERROR)]
)
def test_what_a_packages_account_owns_elsewhere_keeps_its_number(path: str, severity: Severity) -> None:
    lists = "var/lib/dpkg/info/base-files.list"
    before, after = original(), conversion()
    renumbered(after)
    for draft, number in ((before, 103), (after, 102)):
        listed = draft.files[lists]
        assert isinstance(listed, File)
        draft.files[lists] = File(listed.content + b"/etc/tools\n")
        draft.files["etc/tools"] = Directory()
        draft.files[path] = text("x", gid=number)
    found = shown(compare(before.image(), after.image(), INTENDED))
    assert (WARNING, "accounts") in found
    assert ((severity, "group _tools") in found) is (severity is ERROR)


def test_the_books_of_a_package_that_left_are_none_of_the_applications() -> None:
    kept = {"var/lib/apache2/conf/enabled_by_maint/charset": text("")}
    lost = {"var/lib/apache2/conf/enabled_by_maint/javascript-common": text("")}
    assert told({**kept, **lost}, kept) == []
    conf = {"etc/apache2/conf-enabled/own.conf": text("x"), "etc/apache2/conf-enabled/b.conf": text("y")}
    left = {"etc/apache2/conf-enabled/b.conf": text("y")}
    assert told(conf, left) == [(ERROR, "/etc/apache2/conf-enabled/own.conf")]


SERVICES = "passwd: files\ngroup: files\nhosts: files dns\n"


@pytest.mark.parametrize(
    ("before", "severity"),
    [
        ("passwd: files systemd\ngroup: files [SUCCESS=merge] systemd\nhosts: files dns\n", WARNING),
        (
            "passwd: files\ngroup: files\nhosts: files mdns4_minimal [NOTFOUND=return] dns myhostname # x\n",
            WARNING,
        ),
        (
            "passwd: files\ngroup: files\nhosts: files resolve [!UNAVAIL=return] dns\nmymachines: systemd\n",
            WARNING,
        ),
        ("passwd: files ldap\ngroup: files\nhosts: files dns\n", ERROR),
        ("passwd: files systemd sss\ngroup: files\nhosts: files dns\n", ERROR),
        ("passwd: files\ngroup: files\nhosts: dns files\n", ERROR),
        ("passwd: files\ngroup: files\nhosts: files [NOTFOUND=return] dns\n", ERROR),
    ],
)
def test_name_services_that_packages_add_are_a_warning(before: str, severity: Severity) -> None:
    found = told({"etc/nsswitch.conf": text(before)}, {"etc/nsswitch.conf": text(SERVICES)})
    assert found == [(severity, "/etc/nsswitch.conf")]


def test_a_directory_that_only_root_writes_is_a_warning() -> None:
    before, after = {"home/app/x": Directory(0o775)}, {"home/app/x": Directory(0o755)}
    assert told(before, after) == [(WARNING, "/home/app/x")]
    assert told({"home/app/x": Directory(0o2775)}, after) == [(ERROR, "/home/app/x")]
    assert told({"home/app/x": Directory(0o775, 0, 990)}, {"home/app/x": Directory(0o755, 0, 990)}) == [
        (ERROR, "/home/app/x")
    ]
    assert told({"home/app/x": text("", 0o775)}, {"home/app/x": text("", 0o755)}) == [(ERROR, "/home/app/x")]


def grouped(draft: Draft, passwd: str) -> Draft:
    """The draft with an account more."""
    node = draft.files["etc/passwd"]
    assert isinstance(node, File)
    draft.files["etc/passwd"] = File(node.content + passwd.encode())
    return draft


@pytest.mark.parametrize(
    ("user", "passwd"), [("1001", ""), ("1001:0", ""), ("app", "other:x:1002:0::/:/bin/sh\n")]
)
def test_one_of_the_group_root_writes_too(user: str, passwd: str) -> None:
    before, after = grouped(original(), passwd), grouped(conversion(), passwd)
    for draft, mode in ((before, 0o775), (after, 0o755)):
        draft.files["home/app/x"] = Directory(mode)
        draft.config["User"] = user
    assert shown(compare(before.image(), after.image(), INTENDED)) == [(ERROR, "/home/app/x")]


def test_a_directory_that_only_root_reaches_is_a_warning() -> None:
    assert told({"root/.local": Directory(0o700)}, {"root/.local": Directory(0o755)}) == [
        (WARNING, "/root/.local")
    ]
    assert told({"data/x": Directory(0o700)}, {"data/x": Directory(0o755)}) == [(ERROR, "/data/x")]
    assert told({"root/.local": Directory(0o700)}, {"root/.local": Directory(0o777)}) == [
        (ERROR, "/root/.local")
    ]


RANDOM = (
    "etc/varnish/secret",
    "etc/dovecot/private/dovecot.key",
    "home/app/.erlang.cookie",
    "etc/bind/rndc.key",
)


@pytest.mark.parametrize("path", RANDOM)
def test_secrets_that_packages_make_are_a_warning(path: str) -> None:
    assert told({path: text("one")}, {path: text("two")}) == [(WARNING, f"/{path}")]


def test_a_secret_that_nobody_makes_is_an_error() -> None:
    assert told({"etc/app/secret": text("one")}, {"etc/app/secret": text("two")}) == [
        (ERROR, "/etc/app/secret")
    ]


ADDON = "home/app/node_modules/bcrypt"


def test_what_node_gyp_leaves_is_no_difference() -> None:
    build = f"{ADDON}/build-tmp-napi-v3"
    names = ("Makefile", "config.gypi", "bcrypt.target.mk", "Release/.deps/Release/a.node.d")
    before: dict[str, Node] = {f"{build}/{name}": text("one") for name in names}
    after: dict[str, Node] = {f"{build}/{name}": text("two") for name in names}
    python = {f"{build}/node_gyp_bins/python3": Link("/usr/bin/python3.13")}
    assert told({**before, **python, "usr/bin/python3.13": text("")}, {**after, **python}) == []
    assert told({f"{ADDON}/build/a.js": text("one")}, {f"{ADDON}/build/a.js": text("two")}) == [
        (ERROR, f"/{ADDON}/build/a.js")
    ]
    link = {f"{ADDON}/bin/python3": Link("/usr/bin/python3.13")}
    assert told({**link, "usr/bin/python3.13": text("")}, link) == [(ERROR, f"/{ADDON}/bin/python3")]


def archive(second: int, **members: str) -> File:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in members.items():
            written.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, second)), content)
    return File(target.getvalue())


@pytest.mark.parametrize("name", ["app.egg", "app.jar", "model.bin"])
def test_archives_with_the_same_members_are_no_difference(name: str) -> None:
    path = f"home/app/{name}"
    assert told({path: archive(2, a="x", b="y")}, {path: archive(4, b="y", a="x")}) == []
    damaged = ERROR if name == "model.bin" else WARNING
    for other in (archive(2, a="x"), archive(2, a="x", b="z"), archive(2, a="x", c="y"), File(b"PK\x03\x04")):
        assert (damaged, f"/{path}") in told({path: archive(2, a="x", b="y")}, {path: other})


@pytest.mark.parametrize(
    ("files", "subjects"),
    [
        ({"typings/a/index.d.ts": text("declare var x\n")}, ["/home/app/typings"]),
        ({"lib/x.scss": text("x"), "lib/y.ts": text("x"), "gen/z.ts": text("x")}, ["/home/app"]),
        ({"tests/a.ts": text("x")}, []),
        ({"cmd/main.go": text("package main\n"), "include/a.h": text("int x;\n")}, []),
        ({"node_modules/x/index.d.ts": text("x")}, []),
        ({"empty": Directory()}, []),
    ],
    ids=["declarations", "two", "tests", "compiled", "packages", "empty"],
)
def test_a_lost_directory_of_the_working_directory_is_a_warning_whatever_its_files_are_called(
    files: Mapping[str, Node], subjects: list[str]
) -> None:
    kept = {"home/app/main.ts": text("x")}
    lost = {f"home/app/{name}": node for name, node in files.items()}
    found = told({**kept, **lost}, kept, WorkingDir="/home/app")
    assert found == [(WARNING, subject) for subject in subjects]
