"""What each engine is asked in words, with programs that are played."""

from __future__ import annotations

from pathlib import Path

import pytest

from converter.verify.engines.docker import Docker
from converter.verify.engines.finding import engine
from converter.verify.engines.model import Recipe, Start, State
from converter.verify.engines.podman import Podman
from converter.verify.engines.processes import processor_seconds
from converter.verify.engines.sockets import listening_ports, own_tables
from converter.verify.engines.step_images import made_by_steps
from converter.verify.errors import VerifyError
from tests.verify.playing import FakeDocker

RECIPE = Recipe("Dockerfile", ".", "x:1")


class Versions(Docker):
    """A docker with versions that are given, which knows whether it has buildx."""

    def __init__(self, client: str, api: str, buildx: bool = True, **environment: str) -> None:
        super().__init__(environment)
        self.__dict__["_versions"] = {
            "Client": {"Version": client}, "Server": {"Version": "x", "ApiVersion": api, "Os": "linux"},
        }  # fmt: skip
        self.buildx = buildx

    def called(self, *arguments: str, seconds: float = 0) -> object:  # type: ignore[override]
        from converter.verify.engines.process import Finished

        assert arguments == ("buildx", "version")
        return Finished(0 if self.buildx else 1, "", "")


@pytest.mark.parametrize(
    ("docker", "buildkit"),
    [
        (Versions("20.10.24", "1.41"), True),
        (Versions("20.10.24", "1.38"), False),
        (Versions("28.2.2", "1.41"), True),
        (Versions("28.2.2", "1.41", buildx=False), False),
        (Versions("28.2.2", "1.41", DOCKER_BUILDKIT="0"), False),
        (Versions("28.2.2", "1.41", buildx=False, DOCKER_BUILDKIT="1"), True),
    ],
)
def test_buildkit_where_both_sides_have_it(docker: Versions, buildkit: bool) -> None:
    assert docker.buildkit is buildkit
    assert docker.building().environment["DOCKER_BUILDKIT"] == str(int(buildkit))


def test_the_legacy_builder_has_no_secrets() -> None:
    legacy = Versions("20.10.24", "1.41", DOCKER_BUILDKIT="0")
    assert legacy.build_options(RECIPE) == ("--force-rm",)
    with pytest.raises(VerifyError, match="docker's legacy builder cannot use --secret") as caught:
        legacy.build_options(Recipe("Dockerfile", ".", "x:1", secrets=("id=a",)))
    assert caught.value.diagnostic.code == "MS707"


@pytest.mark.parametrize(
    ("host", "options"),
    [
        ("", ()),
        ("unix:///run/docker.sock", ()),
        ("unix:///run/user/1000/docker.sock", ("-p", "127.0.0.1::80")),
        ("tcp://build.example:2376", ("-p", "80")),
        ("ssh://me@build.example", ("-p", "80")),
    ],
)
def test_ports_are_published_where_the_container_is_out_of_reach(host: str, options: tuple[str, ...]) -> None:
    assert Docker({"DOCKER_HOST": host})._published(Start("x", "y", ports=(80,))) == options


def test_a_published_port_is_reached_on_the_daemons_machine() -> None:
    ports = {
        "80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "49153"}],
        "53/udp": [{"HostPort": "5"}],
        "81/tcp": None,
    }
    assert Docker({"DOCKER_HOST": "ssh://me@build.example"})._reached(ports) == {80: ("build.example", 49153)}
    assert Docker({})._reached(ports) == {80: ("127.0.0.1", 49153)}


def test_podman_goes_to_the_service_that_is_named() -> None:
    assert "--remote" not in Podman({}).program
    assert Podman({"CONTAINER_HOST": "ssh://x"}).program[-1] == "--remote"


def test_the_first_engine_that_answers(docker: FakeDocker, tmp_path: Path) -> None:
    programs = tmp_path / "programs"
    environment = {"PATH": f"{programs}:/usr/bin:/bin", "FAKE_STATE": str(docker.folder)}
    podman = programs / "podman"
    podman.write_text("#!/bin/sh\necho 4.3.1\n")
    podman.chmod(0o755)
    assert engine("auto", environment).name == "docker"
    assert engine("auto", {**environment, "CONTAINER_HOST": "unix:///x"}).name == "podman"
    assert engine("auto", {**environment, "FAKE_FAULT": "version=unreachable"}).name == "podman"
    podman.write_text("#!/bin/sh\necho Cannot connect to Podman >&2\nexit 125\n")
    with pytest.raises(VerifyError, match="docker does not answer: Cannot connect"):
        engine(
            "auto",
            {"PATH": str(programs), "FAKE_STATE": str(docker.folder), "FAKE_FAULT": "version=unreachable"},
        )


def test_images_of_steps(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(
        "Step 1/3 : FROM debian AS b\n ---> f47463b91a7d\nStep 2/3 : RUN a\n ---> Using cache\n ---> 2c1785b0efba\n"
        "Step 3/3 : RUN b\n ---> Running in a4fa46ebd6d0\nRemoving intermediate container a4fa\n ---> 6907ec52b7a6\n"
        "Step 1/1: FROM debian\n ---> printed by a step\n"
    )  # fmt: skip
    assert made_by_steps(str(log)) == ["6907ec52b7a6"]
    log.write_text(
        "STEP 2/3: RUN a\n--> Using cache 55c61c04a5ec5e4014477c435b0bb63eb04d468a25410e64c1b1fa4a823ff8d2\n"
        "--> 55c61c04a5e\nSTEP 3/3: RUN b\n--> 97d7738e9b6\n"
    )
    assert made_by_steps(str(log)) == ["97d7738e9b6"]
    assert made_by_steps(str(tmp_path / "nothing")) == []


TABLES = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
   1: 0100007F:0CEA 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
   2: 0B00007F:A0F1 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1
   3: 020011AC:1F91 010011AC:D431 01 00000000:00000000 00:00000000 00000000     0        0 1 1
   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 1
   1: 00000000000000000000000001000000:0051 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 1
   2: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 0:0 00:0 0 0 0 1
"""


def test_listening_ports() -> None:
    assert listening_ports(TABLES) == (80, 8080)
    assert listening_ports("") == ()


def test_the_tables_of_another_process_are_not_taken() -> None:
    assert own_tables(0, "0123") is None
    assert own_tables(1, "0123456789abcdef") is None
    assert own_tables(1, "") is None


@pytest.mark.parametrize(
    ("table", "seconds"),
    [
        ("PID                 TIME\n101                 00:01:02\n102                 1-01:00:03\n", 90_065),
        ("PID         TIME\n1           1m2.9s\n7           1h0m3s\n", 3_665),
        ("Error response from daemon: no such container", 0),
    ],
    ids=["ps", "podman", "none"],
)
def test_processor_time(table: str, seconds: int) -> None:
    assert processor_seconds(table) == seconds


def test_a_helper_reads_the_tables_where_the_process_is_out_of_sight(docker: FakeDocker) -> None:
    import os

    found = Docker(dict(os.environ)).sockets("c1", State(True, pid=0), "image:1")
    assert listening_ports(found or "") == (8080,)
    assert docker.calls[-1] == [
        "run", "--rm", "--network", "container:c1", "--entrypoint", "cat", "image:1", "/proc/net/tcp", "/proc/net/tcp6",
    ]  # fmt: skip
