from __future__ import annotations

from pathlib import Path

import pytest

from converter.batch.discovery import Found, discover, is_dockerfile


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("Dockerfile", True),
        ("Dockerfile.dev", True),
        ("app.Dockerfile", True),
        ("app.dockerfile", True),
        ("Containerfile", True),
        ("Containerfile.prod", True),
        ("dockerfile", False),
        ("Dockerfile.dockerignore", False),
        ("app.Dockerfile.dockerignore", False),
        (".dockerignore", False),
        ("Containerfile.containerignore", False),
        ("MyDockerfile", False),
        ("Dockerfiles", False),
    ],
)
def test_names(name: str, is_one: bool) -> None:
    assert is_dockerfile(name) is is_one


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with Dockerfiles in places that count and places that do not."""
    monkeypatch.chdir(tmp_path)
    places = (
        "b/Dockerfile", "a/Dockerfile.dev", "a/Dockerfile", "Dockerfile", ".git/Dockerfile",
        ".devcontainer/Dockerfile", "a/node_modules/x/Dockerfile", "a/other.txt",
    )  # fmt: skip
    for name in places:
        path = tmp_path / "repo" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("FROM a\n")
    return tmp_path


def paths(found: tuple[Found, ...]) -> list[str]:
    return [item.path for item in found]


def test_a_folder_in_a_fixed_order(repository: Path) -> None:
    assert paths(discover(("repo",))) == [
        "repo/Dockerfile",
        "repo/.devcontainer/Dockerfile",
        "repo/a/Dockerfile",
        "repo/a/Dockerfile.dev",
        "repo/b/Dockerfile",
    ]


def test_given_paths_keep_their_order_and_come_once(repository: Path) -> None:
    found = discover(("repo/b", "repo/a/other.txt", "repo/absent", "repo/b/Dockerfile", "repo/a/"))
    assert paths(found) == [
        "repo/b/Dockerfile",
        "repo/a/other.txt",
        "repo/absent",
        "repo/a/Dockerfile",
        "repo/a/Dockerfile.dev",
    ]


def test_symlinks_stay_inside(repository: Path) -> None:
    outside = repository / "outside"
    outside.mkdir()
    (outside / "Dockerfile").write_text("FROM secret\n")
    (repository / "repo" / "link").symlink_to(outside)
    (repository / "repo" / "Dockerfile.out").symlink_to(outside / "Dockerfile")
    (repository / "repo" / "Dockerfile.in").symlink_to("a/Dockerfile")
    (repository / "repo" / "Dockerfile.loop").symlink_to("Dockerfile.loop")
    found = paths(discover(("repo",)))
    assert "repo/Dockerfile.in" in found
    assert "repo/Dockerfile.out" not in found
    assert "repo/Dockerfile.loop" not in found
    assert not [path for path in found if "link" in path]


def test_the_folder_that_was_given_is_remembered(repository: Path) -> None:
    assert discover(("repo/a", "repo/Dockerfile")) == (
        Found("repo/a/Dockerfile", "repo/a"),
        Found("repo/a/Dockerfile.dev", "repo/a"),
        Found("repo/Dockerfile", "repo"),
    )
