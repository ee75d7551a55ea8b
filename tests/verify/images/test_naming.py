from __future__ import annotations

import pytest

from converter.verify.images.keeping import names_limit, text_limit
from converter.verify.images.naming import names_of


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (
            "a.py",
            "import os, yaml as y\nfrom flask.views import View\nfrom . import own\n",
            {"os", "yaml", "flask"},
        ),
        (
            "a.js",
            "const a = require('express'); import b from \"@x/y/z\"\nimport './own.js'\n",
            {"express", "@x/y"},
        ),
        ("a.mjs", "const c = await import('left-pad')\n", {"left-pad"}),
        ("a.rb", "require 'sinatra'\nrequire_relative 'own'\n", {"sinatra"}),
        ("Gemfile", "source 'x'\ngem 'rack', '~> 3'\n", {"rack"}),
        (
            "requirements.txt",
            "# c\nFlask_Login==1 ; x\n-r o.txt\ngit+https://x/y\nZope.X>=1\n",
            {"flask-login", "zope-x"},
        ),
        ("package.json", '{"dependencies": {"a": "1"}, "devDependencies": {"b": "1"}}', {"a"}),
        ("composer.json", '{"require": {"php": "8", "ext-pdo": "*", "a/b": "1"}}', {"ext-pdo", "a/b"}),
        ("METADATA", "Requires-Dist: A>=1\nRequires-Dist: b ; extra == 'x'\n\nRequires-Dist: c\n", {"a"}),
        ("pyproject.toml", '[project]\ndependencies = ["A[x]>1", "b; os_name == \'nt\'"]\n', {"a"}),
    ],
)
def test_names_are_found(path: str, text: str, expected: set[str]) -> None:
    found = names_of(path, text)
    assert found is not None
    assert set(found.names) == expected


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("package.json", "{"),
        ("package.json", "[" * 50_000),
        ("package.json", "[]"),
        ("pyproject.toml", "= ="),
        ("notes.txt", "import x"),
    ],
)
def test_what_names_nothing_is_none(path: str, text: str) -> None:
    assert names_of(path, text) is None


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("app/main.py", True),
        ("app/node_modules/a/package.json", True),
        ("app/node_modules/a/index.js", False),
        ("app/node_modules/a/node_modules/b/package.json", False),
        ("usr/local/lib/python3.11/os.py", False),
        ("usr/local/lib/python3.11/site-packages/a/b.py", False),
        ("usr/local/lib/python3.11/site-packages/a-1.dist-info/METADATA", True),
        ("usr/lib/python3/dist-packages/a.py", False),
    ],
)
def test_only_an_applications_own_files_are_read_for_names(path: str, kept: bool) -> None:
    assert bool(names_limit(path)) == kept


@pytest.mark.parametrize(
    "path", ["etc/passwd", "etc/ld.so.conf.d/a.conf", "var/lib/dpkg/info/a.list", "lib/apk/db/installed"]
)
def test_texts_that_are_compared_are_kept(path: str) -> None:
    assert text_limit(path) > 0
    assert text_limit(f"copy/{path}") == 0
