from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from converter.batch.discovery import discover
from converter.batch.git import repository, uncommitted
from converter.errors import UsageError


def git(*arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(("git", *identity, *arguments), check=True, capture_output=True)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with committed, changed, staged, unknown and ignored Dockerfiles."""
    monkeypatch.chdir(tmp_path)
    git("init", "-q", "repo")
    for name in ("same", "changed", "staged", "out/made", "sub/out", "sub/kept"):
        path = tmp_path / "repo" / name / "Dockerfile"
        path.parent.mkdir(parents=True)
        path.write_text("FROM a\n")
    (tmp_path / "repo/.gitignore").write_text("out/\n")
    (tmp_path / "repo/sub/.gitignore").write_text("*\n!kept/\n!kept/**\n")
    git("-C", "repo", "add", "same", "changed")
    git("-C", "repo", "commit", "-qm", "first")
    (tmp_path / "repo/changed/Dockerfile").write_text("FROM b\n")
    git("-C", "repo", "add", "staged")
    return tmp_path


def test_what_git_ignores_is_not_found(tree: Path) -> None:
    assert [found.path for found in discover(["repo"])] == [
        f"repo/{name}/Dockerfile" for name in ("changed", "same", "staged", "sub/kept")
    ]


def test_the_rules_of_the_repository_hold_below_it(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tree / "repo/same/out").mkdir()
    (tree / "repo/same/out/Dockerfile").write_text("FROM a\n")
    assert [found.path for found in discover(["repo/same"])] == ["repo/same/Dockerfile"]
    monkeypatch.chdir(tree / "repo/same")
    assert [found.path for found in discover(["."])] == ["Dockerfile"]
    assert [found.path for found in discover([str(tree / "repo/same")])] == [
        str(tree / "repo/same/Dockerfile")
    ]


def test_a_file_that_is_named_is_taken_though_it_is_ignored(tree: Path) -> None:
    assert [found.path for found in discover(["repo/out/made/Dockerfile"])] == ["repo/out/made/Dockerfile"]


def test_uncommitted(tree: Path) -> None:
    paths = [f"repo/{name}/Dockerfile" for name in ("same", "changed", "staged", "sub/kept")]
    (tree / "free").mkdir()
    assert uncommitted([*paths, "free/Dockerfile"]) == set(paths[1:])


def test_a_repository_that_git_cannot_read(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: nowhere\n")
    assert repository(str(tmp_path)) == str(tmp_path)
    with pytest.raises(UsageError, match="git status fails"):
        uncommitted([str(tmp_path / "Dockerfile")])
