"""Environments and settings of language tools that later commands depend on."""

from __future__ import annotations

import pytest

from converter.effects.facts import facts_of
from converter.knowledge.places import is_home_cache
from tests.effects.saying import DEBIAN, effects_of, run, said

PYTHON = facts_of(family="debian", language="python", version="3.11")


def test_a_virtual_environment_on_path_is_remembered_across_runs() -> None:
    _, after = run("python3 -m venv /opt/venv", DEBIAN)
    found, _ = run("pip install six", DEBIAN, env={"PATH": "/opt/venv/bin:/usr/bin"}, before=after)
    assert said(found[0].effects)["writes"] == {"install /opt/venv/**"}


@pytest.mark.parametrize(
    ("home", "cache"), [("/var/www", "/var/www/.cargo/registry"), ("/", "/.cargo/registry")]
)
def test_the_home_of_an_account_of_the_system(home: str, cache: str) -> None:
    facts = facts_of(family="debian", homes={"worker": home})
    effects = effects_of("git config --global user.name x; echo > ~/notes", facts, user="worker")
    assert said(effects)["writes"] >= {
        f"edit! {home.rstrip('/')}/.gitconfig",
        f"output! {home.rstrip('/')}/notes",
    }
    assert is_home_cache(cache)


def test_names_of_a_requirements_file_that_was_written_out() -> None:
    text = "printf 'flask==1\\n# x\\n-r other.txt\\nsix\\n' > r.txt; pip install -r r.txt"
    effects = effects_of(text, PYTHON)
    assert said(effects)["libraries"] == {"pypi flask six global"}
    assert "/w/other.txt" in said(effects)["reads"]


@pytest.mark.parametrize("command", ["python setup.py install", "python3 setup.py develop"])
def test_a_project_brings_dependencies_that_may_be_compiled(command: str) -> None:
    changes = effects_of(command).libraries
    assert [(c.ecosystem, c.global_, c.native) for c in changes] == [("pypi", True, None)]


def test_a_project_that_is_only_built_installs_nothing() -> None:
    assert effects_of("python setup.py build").libraries == ()
