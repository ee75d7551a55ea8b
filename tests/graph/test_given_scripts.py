"""Scripts that a shell is given to run: read where their text is known, else taken for users of anything."""

from __future__ import annotations

import pytest

from tests.graph.test_runtime_roots import analysis


@pytest.mark.parametrize(
    ("command", "opaque"),
    [
        ('["/bin/bash", "/x/run.sh"]', True),
        ("bash start", True),
        ("bash -o pipefail start", True),
        (". ./run", True),
        ('sh -c ". /x/run"', True),
        (". /x/settings && node main.js", False),
        ('["bash", "--rcfile", "/x/settings"]', False),
        ('["sh", "/etc/init.d/cron", "start"]', False),
        ('["sh", "/opt/tomcat/bin/catalina.sh", "run"]', False),
        ('["node", "/x/main.js"]', False),
    ],
)
def test_a_shell_runs_nothing_but_scripts_whoever_brings_them(command: str, opaque: bool) -> None:
    assert analysis(f"FROM debian\nWORKDIR /app\nCMD {command}\n").runtime.opaque is opaque


def test_scripts_that_a_build_is_known_to_make_are_not_opaque() -> None:
    text = "FROM debian\nCOPY . /src\nRUN cd /src && ./configure --prefix=/opt/x && make install\n"
    assert not analysis(text + 'CMD ["sh", "/opt/x/bin/run"]\n').runtime.opaque


@pytest.mark.parametrize(
    ("made", "path"),
    [
        ("cp scripts/run.sh /run.sh", "/run.sh"),
        ("cp scripts/run.sh /", "/run.sh"),
        ("mv /app/scripts/run.sh /usr/local/bin/run", "/usr/local/bin/run"),
        ("install -m 755 scripts/run.sh /usr/local/bin/run", "/usr/local/bin/run"),
        ("ln -s /app/scripts/run.sh /run.sh", "/run.sh"),
    ],
)
@pytest.mark.parametrize("command", ['["{path}"]', '["sh", "{path}"]'])
def test_copies_and_links_of_scripts_are_followed(made: str, path: str, command: str) -> None:
    text = f"FROM debian\nWORKDIR /app\nCOPY . .\nRUN {made}\nCMD {command.format(path=path)}\n"
    found = analysis(text, {"scripts/run.sh": "#!/bin/sh\nexec nginx\n"}).runtime
    assert "nginx" in found.program_names()
    assert not found.opaque
    assert analysis(text).runtime.opaque


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("echo 'exec nginx' | tee start", True),
        ("echo 'exec nginx' >> start", True),
        ("echo '#!/bin/sh' >> start && echo 'exec nginx' | tee -a start", True),
        ("echo \"$(id)\" >> start && echo 'exec nginx' >> start", False),
        ("{ id; date; } >> start && echo 'exec nginx' >> start", False),
        ("git clone https://example.org/x /app && echo 'exec nginx' >> start", False),
    ],
)
def test_a_script_that_is_only_added_to_is_read(written: str, read: bool) -> None:
    found = analysis(f'FROM debian\nWORKDIR /app\nRUN {written}\nCMD ["bash", "start"]\n').runtime
    assert ("nginx" in found.program_names()) is read
    assert found.opaque is not read


def test_what_is_added_to_a_file_of_the_base_is_not_all_of_it() -> None:
    text = "RUN echo 'exec nginx' >> /docker-entrypoint.sh\nCMD [\"/docker-entrypoint.sh\"]\n"
    assert analysis(f"FROM postgres:15\n{text}").runtime.opaque
    assert not analysis(f"FROM debian\n{text}").runtime.opaque


def test_a_program_on_path_is_one_of_those_that_a_build_puts_there() -> None:
    text = "FROM debian\nENV GOPATH=/gopath PATH=/gopath/bin:$PATH\nRUN go install example.org/x\nCMD x\n"
    assert "/gopath/bin/x" in {root.place.path for root in analysis(text).runtime.roots}


def test_a_program_that_a_build_calls_like_a_script_is_none() -> None:
    text = "FROM golang:1\nWORKDIR /go/src/x/burry.sh\nCOPY . .\nRUN go build\nRUN mv burry.sh burry\n"
    assert not analysis(text + 'ENTRYPOINT ["./burry"]\n').runtime.opaque
