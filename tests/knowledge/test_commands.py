"""The command tables: they keep the schema, are in step with the packed file, and load fast."""

from __future__ import annotations

import tomllib
from importlib import import_module
from importlib.resources import files
from pathlib import Path

import pytest

from converter.effects.handlers import MODULES, handler
from converter.knowledge.commands import shipped, with_overlay
from converter.knowledge.compiler import Where, compile_command, parse_operands, parse_options, parse_template
from converter.knowledge.language_places import language_places
from converter.knowledge.loader import (
    join_tables,
    load_packed,
    pack,
    pack_tables,
    read_places,
    read_shipped,
    read_tables,
)
from converter.knowledge.schema import Command, KnowledgeError, Rule, Variable

HERE = Where("x.toml", "x")
DATA = Path(str(files("converter.knowledge").joinpath("data")))


def test_the_packed_file_is_in_step() -> None:
    packed = (DATA / "commands.json").read_text("utf-8")
    assert packed == pack(read_shipped()), "run `python -m converter.knowledge.loader`"


def test_the_other_packed_file_is_in_step() -> None:
    packed = (DATA / "tables.json").read_text("utf-8")
    assert packed == pack_tables(), "run `python -m converter.knowledge.loader`"


def rules(command: Command) -> list[Rule]:
    """All rules of a command, its forms and sub-commands."""
    found = [command.rule, *(rule for _, rule in command.rule.variants)]
    for child in {id(c): c for c in command.subcommands.values()}.values():
        found.extend(rules(child))
    return found


def all_commands() -> list[Command]:
    """Every shipped table, compiled."""
    tables = shipped()
    return [command for name in load_packed()["commands"] if (command := tables.find(name)) is not None]


def test_handlers_exist_and_all_are_used() -> None:
    used = {rule.handler for command in all_commands() for rule in rules(command) if rule.handler}
    assert used == {name for names in MODULES.values() for name in names}
    for module, names in MODULES.items():
        loaded = import_module(f"converter.effects.handlers.{module}").HANDLERS
        assert set(loaded) == set(names)
        assert all(handler(name) is loaded[name] for name in names)


def test_every_fact_that_was_run_says_so() -> None:
    sources = [
        table.get("source")
        for path in sorted((DATA / "commands").glob("*.toml"))
        for table in tomllib.loads(path.read_text("utf-8")).values()
    ]
    assert sum(source is not None for source in sources) >= 80


def test_versions_of_a_name_are_found() -> None:
    tables = shipped()
    pip = tables.find("pip")
    assert pip is not None
    assert tables.find("pip3.11") is pip or tables.find("pip3.11") == pip
    assert tables.find("gcc-12") is not None
    assert tables.find("make-9") is None
    assert tables.find("no-such-command") is None


def test_installers_are_found_by_address() -> None:
    found = shipped().find("deb.nodesource.com/setup_18.x")
    assert found is not None
    assert found.rule.phase == "both"


def test_an_overlay_lies_in_front() -> None:
    text = '[make]\nphase = "none"\n[mytool]\nnames = ["mt"]\noperands = "w"\nwrites = ["output! {w}"]\n'
    tables = with_overlay(text, "my.toml")
    made, mine = tables.find("make"), tables.find("mt")
    assert made is not None
    assert made.rule.phase == "none"
    assert mine is not None
    assert mine.name == "mytool"
    assert tables.find("tar") is not None


BAD = [
    ("[x]\nphse = 'none'", "x.toml: [x] phse: unknown key"),
    ("[x]\nphase = 'later'", "x.toml: [x] phase: 'later' is none of"),
    ("[x]\noptions = 'o='", "x.toml: [x] options: 'o=' does not start with a dash"),
    ("[x]\noptions = '-o=q'", "x.toml: [x] options: '-o=q'"),
    ("[x]\noperands = 'z'", "x.toml: [x] operands: 'z' is not a role"),
    ("[x]\noperands = 'r+ w+'", "x.toml: [x] operands: only one role can repeat"),
    ("[x]\nwrites = ['{w}']", "x.toml: [x] writes: '{w}' is none of"),
    ("[x]\nwrites = ['output {w']", "x.toml: [x] writes: '{w' has a brace too many"),
    ("[x]\nreads = ['{w:upper}']", "x.toml: [x] reads: 'upper' is none of"),
    ("[x]\nreads = '/a'", "x.toml: [x] reads: must be a list of strings"),
    ("[x]\nnetwork = 'yes'", "x.toml: [x] network: must be true or false"),
    ("[x]\nwhen = [{ phase = 'none' }]", "x.toml: [x.when.0]: a variant needs"),
    ("[x]\nwhen = [{ count = 'some' }]", "x.toml: [x.when.0] count:"),
    ("[x.sub.a]\nphase = 'no'", "x.toml: [x.sub.a] phase:"),
    ("[x]\ndefault = 'b'\n[x.sub.a]\nphase = 'none'", "x.toml: [x] default: there is no sub-command 'b'"),
    ("[x.sub.a]\nnames = ['b']\n[x.sub.b]\nphase = 'none'", "x.toml: [x] sub: 'b' occurs twice"),
    ("[x]\npackages = { manager = 'apt', action = 'eat' }", "x.toml: [x.packages] action: 'eat' is none of"),
    ("[x]\nnames = ['y']\n[z]\nnames = ['y']", "x.toml: [z] names: 'y' is named twice"),
    ("x = 1", "x.toml: [x]: must be a table"),
    ("[x", "x.toml: []: Expected"),
]


@pytest.mark.parametrize(("text", "message"), BAD, ids=[case[0] for case in BAD])
def test_errors_are_exact(text: str, message: str) -> None:
    with pytest.raises(KnowledgeError) as caught:
        read_tables(text, "x.toml")
    assert str(caught.value).startswith(message), str(caught.value)


def test_a_name_lies_in_one_file_only() -> None:
    one, two = read_tables("[x]\n", "one.toml"), read_tables("[y]\nnames = ['x']\n", "two.toml")
    with pytest.raises(KnowledgeError, match=r"two.toml: \[y\] names: 'x' is also in one.toml"):
        join_tables((("one.toml", one), ("two.toml", two)))


def test_places_of_languages_are_checked() -> None:
    with pytest.raises(KnowledgeError, match=r"p.toml: \[x\] other: is missing"):
        read_places("[x]\ndebian = ['/a']\n", "p.toml")
    with pytest.raises(KnowledgeError, match=r"p.toml: \[x\] debian: must be a list of absolute paths"):
        read_places("[x]\nother = []\ndebian = ['a']\n", "p.toml")


PLACES = [
    ("debian", "python", "3.11.4", {}, "python.site", ("/usr/local/lib/python3.11/site-packages",)),
    ("debian", "python", "3", {}, "python.site", ("/usr/local/lib/python3.*/site-packages",)),
    ("alpine", "python", "", {}, "python.site", ("/usr/local/lib/python*/site-packages",)),
    ("alpine", "", None, {}, "python.site", ("/usr/lib/python*/site-packages",)),
    ("debian", "golang", "1.21", {}, "go.path", ("/go",)),
    ("debian", "go", "1.21", {"GOPATH": "/gopath"}, "go.path", ("/gopath",)),
    ("", "", None, {}, "cargo.home", ("/usr/local/cargo", "/root/.cargo")),
]


@pytest.mark.parametrize(("family", "language", "version", "env", "name", "paths"), PLACES)
def test_places_of_languages(
    family: str, language: str, version: str | None, env: dict[str, str], name: str, paths: tuple[str, ...]
) -> None:
    assert language_places(family, language, version, env)[name] == paths


def test_options_have_several_spellings() -> None:
    options = parse_options("-o,--output=w -v -i,--in-place=?", HERE)
    assert options["--output"] is options["-o"]
    assert [(options[name].name, options[name].kind) for name in ("-o", "-v", "-i")] == [
        ("-o", "w"),
        ("-v", None),
        ("-i", "?"),
    ]


def test_operands_and_templates() -> None:
    assert [(role.letter, role.low, role.high) for role in parse_operands("n? r+ w", HERE)] == [
        ("n", 0, 1),
        ("r", 1, None),
        ("w", 1, 1),
    ]
    template = parse_template("output! {-o} | {cwd}/{r:stem}/**", HERE, "writes", kinds=True)
    assert (template.kind, template.proven) == ("output", True)
    assert template.alternatives == (
        ((Variable("-o"),), False),
        ((Variable("cwd"), "/", Variable("r", "stem")), True),
    )


def test_variants_inherit_what_they_do_not_change() -> None:
    command = compile_command(
        "x", {"operands": "w", "writes": ["output {w}"], "when": [{"with": "-n", "writes": []}]}, HERE
    )
    ((condition, variant),) = command.rule.variants
    assert condition.having == ("-n",)
    assert (variant.operands, variant.writes) == (command.rule.operands, ())
