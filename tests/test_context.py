from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from converter import DirectoryContext
from converter.ignore_file import IgnoreFile


def tree(root: Path, *files: str) -> Path:
    for name in files:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"text of {name}")
    return root


@pytest.mark.parametrize(
    ("text", "path", "excluded"),
    [
        # anchored at the root, with what lies below
        ("foo", "foo", True),
        ("foo", "foo/a/b", True),
        ("foo", "a/foo", False),
        ("/foo", "foo", True),
        ("./foo/", "foo/x", True),
        ("a//b", "a/b", True),
        ("a/../b", "b", True),
        # single wildcards stop at a slash
        ("*.py", "x.py", True),
        ("*.py", "a/x.py", False),
        ("*/x", "a/x", True),
        ("*/x", "a/b/x", False),
        ("temp?", "tempa", True),
        ("temp?", "temp", False),
        ("temp?", "temp/a", False),
        ("*", "a/b", True),
        # double wildcards
        ("**", "a/b", True),
        ("**/x", "x", True),
        ("**/x", "a/b/x", True),
        ("**/x", "ax", False),
        ("**x", "ax", True),
        ("**/*.pyc", "a/b.pyc", True),
        ("**/*.pyc", "b.pyc", True),
        ("a/**/b", "a/b", True),
        ("a/**/b", "a/x/y/b", True),
        ("a/**", "a", False),
        ("a/**", "a/x", True),
        ("**/a/**", "x/a/y", True),
        # the last match decides
        ("*\n!a", "a", False),
        ("*\n!a", "b", True),
        ("*\n!a\na/x", "a/x", True),
        ("!a\n*", "a", True),
        ("a\n!a/b", "a/b", False),
        ("a\n!a/b", "a/c", True),
        ("*.md\n!README.md", "README.md", False),
        ("*.md\n! /README.md", "README.md", False),
        # comments, blanks, byte order mark
        ("# foo\n\n  \n", "# foo", False),
        ("  foo  ", "foo", True),
        (" # foo", "# foo", True),
        ("\ufefffoo", "foo", True),
        ("foo\r\nbar\r\n", "bar", True),
        # classes and escapes
        ("[ab].c", "a.c", True),
        ("[^ab].c", "a.c", False),
        ("[^ab].c", "c.c", True),
        ("[a-c].c", "b.c", True),
        ("[!a].c", "b.c", False),
        ("[!a].c", "!.c", True),
        (r"[\]].c", "].c", True),
        ("[[a].c", "[.c", True),
        (r"\*.c", "*.c", True),
        (r"\*.c", "a.c", False),
        ("a.c", "axc", False),
        ("a+b(c)", "a+b(c)", True),
        # what is no pattern has no effect
        ("[", "[", False),
        ("[]a]", "]", False),
        ("[x-]", "x", False),
        ("[c-a]", "b", False),
        ("a]", "a]", True),
        ("!", "a", False),
    ],
)
def test_ignore_patterns(text: str, path: str, excluded: bool) -> None:
    assert IgnoreFile(text).excludes(path) is excluded


@pytest.mark.parametrize(
    ("text", "folder", "possible"),
    [
        ("*", "a", False),
        ("*\n!a/x", "a", True),
        ("*\n!a/x", "b", False),
        ("*\n!a/x", "a/b", False),
        ("*\n!**/x", "b/c", True),
        ("*\n!*/x", "b", True),
    ],
)
def test_where_an_exception_can_lead(text: str, folder: str, possible: bool) -> None:
    assert IgnoreFile(text).may_return(folder) is possible


def test_files_and_folders(tmp_path: Path) -> None:
    context = DirectoryContext(tree(tmp_path, "a/x.txt", "a/b/y.txt", "z.txt"))
    assert context.read_text("a/x.txt") == "text of a/x.txt"
    assert context.read_text("a") is None
    assert context.read_text("absent") is None
    assert (context.exists("a/b"), context.exists("a/c"), context.exists("")) == (True, False, True)
    assert (context.is_directory("a"), context.is_directory("z.txt")) == (True, False)
    assert context.list() == ("a", "z.txt")
    assert context.list("a") == ("b", "x.txt")
    assert context.list("z.txt") == ()
    assert context.walk() == ("a/b/y.txt", "a/x.txt", "z.txt")
    assert context.walk("a") == ("a/b/y.txt", "a/x.txt")
    assert len(context.walk(limit=2)) == 2


@pytest.mark.parametrize("path", ["/a/x.txt", "./a/x.txt", "a//x.txt", "a/../a/x.txt", "../../a/x.txt"])
def test_paths_are_taken_as_builders_take_them(tmp_path: Path, path: str) -> None:
    assert DirectoryContext(tree(tmp_path, "a/x.txt")).read_text(path) == "text of a/x.txt"


def test_the_ignore_file_is_looked_through(tmp_path: Path) -> None:
    tree(tmp_path, "a/x.txt", "a/y.txt", "b/z.txt", "Dockerfile")
    (tmp_path / ".dockerignore").write_text("*\n!a/y.txt\n")
    context = DirectoryContext(tmp_path)
    assert context.walk() == ("a/y.txt",)
    assert context.list() == ("a",)
    assert context.list("a") == ("y.txt",)
    assert context.read_text("a/x.txt") is None
    assert (context.exists("a"), context.exists("b")) == (True, False)


def test_the_dockerfile_s_own_ignore_file_beats_the_folder_s(tmp_path: Path) -> None:
    tree(tmp_path, "a", "b")
    (tmp_path / ".dockerignore").write_text("a")
    (tmp_path / "build.Dockerfile.dockerignore").write_text("b")
    assert DirectoryContext(tmp_path).exists("b")
    own = DirectoryContext(tmp_path, tmp_path / "build.Dockerfile")
    assert (own.exists("a"), own.exists("b")) == (True, False)


def test_it_never_leaves_its_folder(tmp_path: Path) -> None:
    root = tree(tmp_path / "root", "in.txt", "deep/in.txt")
    tree(tmp_path / "outside", "secret.txt")
    (root / "link.txt").symlink_to("../outside/secret.txt")
    (root / "folder").symlink_to("../outside")
    (root / "absolute").symlink_to("/etc")
    (root / "fine").symlink_to("deep")
    (root / "loop").symlink_to("loop")
    context = DirectoryContext(root)
    assert context.read_text("link.txt") is None
    assert context.read_text("folder/secret.txt") is None
    assert context.read_text("../outside/secret.txt") is None
    assert not context.exists("absolute/passwd")
    assert context.read_text("fine/in.txt") == "text of deep/in.txt"
    assert context.list() == ("deep", "fine", "in.txt")
    assert context.walk() == ("deep/in.txt", "fine", "in.txt")
    assert context.list("folder") == ()


def test_a_context_whose_name_starts_like_another_is_another(tmp_path: Path) -> None:
    root = tree(tmp_path / "root", "in.txt")
    tree(tmp_path / "root-secret", "x")
    (root / "link").symlink_to("../root-secret/x")
    assert not DirectoryContext(root).exists("link")


def test_sizes_and_kinds_are_bounded(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"x" * (1 << 20) + b"x")
    (tmp_path / "fits").write_bytes(b"x" * (1 << 20))
    (tmp_path / "binary").write_bytes(b"a\0b")
    (tmp_path / "latin").write_bytes(b"caf\xe9")
    os.mkfifo(tmp_path / "pipe")
    context = DirectoryContext(tmp_path)
    assert context.read_text("large") is None
    assert len(context.read_text("fits") or "") == 1 << 20
    assert context.read_text("binary") is None
    assert context.read_text("latin") == "caf\udce9"
    assert context.read_text("pipe") is None
    assert context.read_text("a\0b") is None


def test_an_absent_folder_is_an_empty_context(tmp_path: Path) -> None:
    context = DirectoryContext(tmp_path / "absent")
    assert (context.exists("a"), context.list(), context.walk()) == (False, (), ())


def test_it_can_be_sent_to_another_process(tmp_path: Path) -> None:
    tree(tmp_path, "a", "b")
    (tmp_path / ".dockerignore").write_text("a")
    context = DirectoryContext(tmp_path)
    assert context.exists("b")
    copy = pickle.loads(pickle.dumps(context))
    assert (copy.exists("a"), copy.exists("b")) == (False, True)
