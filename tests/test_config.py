from __future__ import annotations

from pathlib import Path

import pytest

from converter import config
from converter.config import (
    NO_CONTEXT,
    SETTINGS,
    Kind,
    Settings,
    from_environment,
    from_file,
    from_table,
    layered,
)
from converter.errors import UsageError


def test_every_setting_is_a_field_and_the_reverse() -> None:
    assert sorted(setting.field for setting in SETTINGS) == sorted(Settings.__struct_fields__)


@pytest.mark.parametrize(
    ("text", "settings"),
    [
        ("", Settings()),
        ('final-base = " slim "', Settings(final_base="slim")),
        ('build-args = {A = "1", B = ""}', Settings(build_args=(("A", "1"), ("B", "")))),
        ('optimize = ["strip"]', Settings(optimize=frozenset({"strip"}))),
        ("optimize = []", Settings(optimize=frozenset())),
        ("strict = false", Settings(strict=False)),
        ("context = false", Settings(context=NO_CONTEXT)),
        ('format = "json"', Settings(format="json")),
        ('color = "never"', Settings(color="never")),
        ("jobs = 3", Settings(jobs=3)),
        ('fail-on = ["refused", "invalid"]', Settings(fail_on=frozenset({"refused", "invalid"}))),
    ],
)
def test_values_of_a_config_file(tmp_path: Path, text: str, settings: Settings) -> None:
    path = tmp_path / "multistage.toml"
    path.write_text(text)
    assert from_file(str(path)) == settings


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("final-base = 1", "'final-base' must be a text"),
        ('final-base = " "', "'final-base' must be a text"),
        ("build-args = {A = 1}", "'build-args' must be names with texts"),
        ('optimize = "strip"', "'optimize' must be a list of strip, prune-dev"),
        ('optimize = ["x"]', "'optimize' must be a list of strip, prune-dev"),
        ('strict = "yes"', "'strict' must be true or false"),
        ("context = true", "'context' must be a folder, or false for none"),
        ('context = ""', "'context' must be a folder, or false for none"),
        ('context = "../x"', "'context' leads out of"),
        ('context = "/"', "'context' leads out of"),
        ('format = "xml"', "'format' must be one of text, json, sarif, github"),
        ("jobs = 0", "'jobs' must be a whole number above 0"),
        ("jobs = true", "'jobs' must be a whole number above 0"),
        ("x = ", "not valid TOML"),
        ("a = 1\na = 2", "not valid TOML"),
        ("x = " + "[" * 5000, "not valid TOML"),
    ],
)
def test_errors_of_a_config_file_are_one_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "multistage.toml"
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        from_file(str(path))
    assert str(path) in caught.value.message
    assert message in caught.value.message
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("key", "help"),
    [
        ("final_base", "did you mean 'final-base'?"),
        ("stict", "did you mean 'strict'?"),
        ("zzz", "known are build-args, color, context, fail-on, final-base, format, jobs, optimize, strict"),
    ],
)
def test_an_unknown_key_suggests_the_nearest(key: str, help: str) -> None:
    with pytest.raises(UsageError) as caught:
        from_table({key: 1}, "multistage.toml", ".")
    assert (caught.value.message, caught.value.help) == (f"multistage.toml: unknown key '{key}'", help)


def test_a_context_is_relative_to_its_file(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "multistage.toml").write_text('context = "app"')
    assert from_file(str(tmp_path / "multistage.toml")).context == str(tmp_path / "app")


def test_a_context_that_leads_out_by_a_symlink_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "repo").mkdir()
    (tmp_path / "repo" / "app").symlink_to("/etc")
    with pytest.raises(UsageError, match="leads out of"):
        from_table({"context": "app"}, "multistage.toml", str(tmp_path / "repo"))


@pytest.mark.parametrize(
    ("environment", "settings"),
    [
        ({}, Settings()),
        ({"MULTISTAGE_FINAL_BASE": "slim"}, Settings(final_base="slim")),
        ({"MULTISTAGE_FINAL_BASE": ""}, Settings()),
        ({"MULTISTAGE_STRICT": "1"}, Settings(strict=True)),
        ({"MULTISTAGE_STRICT": "No"}, Settings(strict=False)),
        ({"MULTISTAGE_OPTIMIZE": "strip,prune-dev"}, Settings(optimize=frozenset({"strip", "prune-dev"}))),
        (
            {"MULTISTAGE_BUILD_ARGS": "A=1 B='x y' C="},
            Settings(build_args=(("A", "1"), ("B", "x y"), ("C", ""))),
        ),
        ({"MULTISTAGE_JOBS": "4"}, Settings(jobs=4)),
        ({"MULTISTAGE_CONTEXT": "app"}, Settings(context="app")),
        ({"MULTISTAGE_CONTEXT": "app", "MULTISTAGE_NO_CONTEXT": "1"}, Settings(context=NO_CONTEXT)),
        ({"MULTISTAGE_FAIL_ON": "refused"}, Settings(fail_on=frozenset({"refused"}))),
        ({"MULTISTAGE_SHARED": "x", "MULTISTAGE": "y"}, Settings()),
    ],
)
def test_variables(environment: dict[str, str], settings: Settings) -> None:
    assert from_environment(environment) == settings


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("MULTISTAGE_STRICT", "perhaps", "MULTISTAGE_STRICT: must be true or false"),
        ("MULTISTAGE_JOBS", "many", "MULTISTAGE_JOBS: must be a whole number above 0"),
        ("MULTISTAGE_FORMAT", "xml", "MULTISTAGE_FORMAT: must be one of text, json, sarif, github"),
        ("MULTISTAGE_BUILD_ARGS", "A='", "MULTISTAGE_BUILD_ARGS: must be names with texts"),
    ],
)
def test_errors_of_variables(variable: str, value: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        from_environment({variable: value})
    assert caught.value.message.startswith(message)


def test_layers_by_setting_and_build_arguments_by_name() -> None:
    first = Settings(strict=False, build_args=(("A", "1"),))
    second = Settings(strict=True, final_base="slim", build_args=(("A", "2"), ("B", "2")))
    merged = layered(first, second)
    assert (merged.strict, merged.final_base) == (False, "slim")
    assert dict(merged.build_args or ()) == {"A": "1", "B": "2"}


def test_no_context_beats_a_context_below() -> None:
    assert layered(Settings(context=NO_CONTEXT), Settings(context="app")).context == NO_CONTEXT


@pytest.mark.parametrize("text", ["tool = 1", "[tool]\nmultistage = 1"])
def test_pyproject_with_something_else_in_our_place(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    if "multistage" in text:
        with pytest.raises(UsageError, match=r"'tool\.multistage' must be a table"):
            config.nearest(str(tmp_path))
    else:
        assert config.nearest(str(tmp_path)) == Settings()


def test_a_file_of_ours_beats_pyproject_in_the_same_folder(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.multistage]\nfinal-base = 'same'\n")
    (tmp_path / "multistage.toml").write_text("final-base = 'slim'\n")
    assert config.nearest(str(tmp_path)).final_base == "slim"


def test_a_named_pyproject_is_read_by_its_table(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.multistage]\njobs = 2\n")
    assert from_file(str(tmp_path / "pyproject.toml")) == Settings(jobs=2)


def test_a_named_pyproject_without_our_table_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.other]\njobs = 2\n")
    with pytest.raises(UsageError, match=r"has no table \[tool\.multistage\]"):
        from_file(str(tmp_path / "pyproject.toml"))


def test_a_named_file_of_another_name_is_one_of_ours(tmp_path: Path) -> None:
    (tmp_path / "ci.toml").write_text("jobs = 2\n")
    assert from_file(str(tmp_path / "ci.toml")) == Settings(jobs=2)
    (tmp_path / "ci.toml").write_text("jbos = 2\n")
    with pytest.raises(UsageError, match="unknown key 'jbos'"):
        from_file(str(tmp_path / "ci.toml"))


def test_a_config_file_is_bounded(tmp_path: Path) -> None:
    (tmp_path / "multistage.toml").write_bytes(b"#" * (config.MAX_BYTES + 1))
    with pytest.raises(UsageError, match="larger than"):
        config.nearest(str(tmp_path))


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_setting_occurs(kind: Kind) -> None:
    assert any(setting.kind is kind for setting in SETTINGS)
