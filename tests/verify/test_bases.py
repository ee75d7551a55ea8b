"""The base of a Dockerfile's last stage."""

from __future__ import annotations

from pathlib import Path

import pytest

from converter.verify.bases import final_base, own_accounts, own_labels, random_files


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("FROM debian:12\n", "debian:12"),
        ("FROM gcc AS b\nFROM debian:12\nCOPY --from=b /x /x\n", "debian:12"),
        ("FROM debian:12 AS Base\nFROM base AS next\nFROM next\n", "debian:12"),
        ("ARG TAG=12\nFROM debian:${TAG}\n", "debian:13"),
        ("ARG TAG\nFROM debian:${OTHER}\n", None),
        ("FORM debian\n", None),
        ("", None),
    ],
)
def test_the_last_base(tmp_path: Path, text: str, base: str | None) -> None:
    path = tmp_path / "Dockerfile"
    path.write_text(text)
    assert final_base(str(path), {"TAG": "13"}) == base


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert final_base(str(tmp_path / "nothing"), {}) is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("FROM debian:12\n", frozenset()),
        ('FROM debian:12\nLABEL a=b "c d"=e\nLABEL f g\n', frozenset({"a", "c d", "f"})),
        ("FROM debian:12\nARG X\nLABEL a.$X=b\n", None),
        ("FORM debian\n", None),
    ],
)
def test_the_labels_that_a_file_sets(tmp_path: Path, text: str, names: frozenset[str] | None) -> None:
    path = tmp_path / "Dockerfile"
    path.write_text(text)
    assert own_labels(str(path)) == names


@pytest.mark.parametrize(
    ("run", "names"),
    [
        ("cp a.conf /etc/a.conf && make", frozenset()),
        ("cp a.conf /etc/a.conf && openssl rand -hex 9 > /srv/key", frozenset({"/srv/key"})),
        ("sed -i s/x/`openssl rand -hex 9`/ conf.yml", frozenset({"/conf.yml"})),
        ("K=$(uuidgen) && cp a.ini b.ini && sed -i s/x/$K/ ./etc/a.yml", frozenset({"/etc/a.yml"})),
        ('ssh-keygen -q -N "" \\\n -f /root/.ssh/id', frozenset({"/root/.ssh/id"})),
        ("echo KEY=$(openssl rand -hex 9) >> .env", frozenset({"/.env"})),
    ],
)
def test_files_that_steps_make_at_random(tmp_path: Path, run: str, names: frozenset[str]) -> None:
    path = tmp_path / "Dockerfile"
    path.write_text(f"FROM debian:12\nRUN {run}\n")
    assert random_files(str(path)) == names


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("RUN apt-get install -y ntpsec && chown -R ntpsec:ntpsec /srv", set()),
        ("RUN id app || useradd -u 103 app", {"app", "103"}),
        ("RUN chown -R 103:104 /srv && rm -rf /tmp/105", {"103", "104"}),
        ("COPY --chown=103:app a /a", {"103"}),
        ("USER ntpsec:104", {"ntpsec", "104"}),
    ],
)
def test_accounts_that_steps_say(tmp_path: Path, step: str, words: set[str]) -> None:
    path = tmp_path / "Dockerfile"
    path.write_text(f"FROM debian:12\n{step}\n")
    found = own_accounts(str(path))
    assert words <= found
    assert words or not found
    assert "105" not in found
