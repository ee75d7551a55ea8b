from __future__ import annotations

from pathlib import Path

import pytest

from converter.batch.compose import contexts, is_compose_file
from converter.batch.discovery import discover


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("compose.yaml", True),
        ("docker-compose.yml", True),
        ("docker-compose.prod.yml", True),
        ("compose.json", False),
        ("my-compose.yml", False),
    ],
)
def test_names(name: str, is_one: bool) -> None:
    assert is_compose_file(name) is is_one


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        ("./app", [("app/Dockerfile", "app")]),
        ("{context: ., dockerfile: docker/web.Dockerfile}", [("docker/web.Dockerfile", ".")]),
        ("{dockerfile: Dockerfile.dev}", [("Dockerfile.dev", ".")]),
        ("{context: app}", [("app/Dockerfile", "app")]),
        ('"${WHERE}"', []),
        ("https://example.org/x.git", []),
        ("{context: ., dockerfile_inline: FROM a}", []),
        ("[1, 2]", []),
        ("", []),
    ],
)
def test_builds(
    build: str, expected: list[tuple[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("compose.yaml").write_text(f"services:\n  web:\n    build: {build}\n")
    assert list(contexts("compose.yaml")) == expected


@pytest.mark.parametrize(
    "text", ["services: [", "- a\n", "services: {web: 1}", "a: &a [*a]", "[" * 5000, "\x00"]
)
def test_what_is_no_compose_file_says_nothing(text: str, tmp_path: Path) -> None:
    path = tmp_path / "compose.yaml"
    path.write_text(text)
    assert not list(contexts(str(path)))


def test_a_context_is_taken_where_all_agree_and_it_lies_inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("repo/docker/a.Dockerfile", "repo/docker/b.Dockerfile", "repo/docker/c.Dockerfile"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("FROM a\n")
    services = [
        "a: {build: {context: ., dockerfile: docker/a.Dockerfile}}",
        "b: {build: {context: ., dockerfile: docker/b.Dockerfile}}",
        "b2: {build: {context: docker, dockerfile: b.Dockerfile}}",
        "c: {build: {context: .., dockerfile: repo/docker/c.Dockerfile}}",
    ]
    Path("repo/compose.yml").write_text("services:\n" + "".join(f"  {row}\n" for row in services))
    assert {found.path: found.context for found in discover(["repo"])} == {
        "repo/docker/a.Dockerfile": "repo",
        "repo/docker/b.Dockerfile": None,
        "repo/docker/c.Dockerfile": None,
    }
