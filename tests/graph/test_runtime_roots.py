"""What the container starts and names: commands, scripts three levels deep, services, work directories."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from converter.dockerfile.pragmas import pragmas
from converter.dockerfile.reader import read
from converter.graph.analysis import analyse
from converter.graph.model import Analysis, RootKind
from converter.span import SourceText


class Files:
    """A build context made of texts."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = dict(files)

    def read_text(self, path: str) -> str | None:
        return self.files.get(path)

    def exists(self, path: str) -> bool:
        return path in self.files or self.is_directory(path)

    def is_directory(self, path: str) -> bool:
        return any(file.startswith(f"{path}/") for file in self.files) or path == ""

    def list(self, path: str = "") -> tuple[str, ...]:
        inside = [f[len(path) :].lstrip("/") for f in self.files if not path or f.startswith(f"{path}/")]
        return tuple(sorted({name.split("/")[0] for name in inside}))

    def walk(self, path: str = "", limit: int = 10_000) -> tuple[str, ...]:
        return tuple(sorted(f for f in self.files if not path or f.startswith(f"{path}/")))[:limit]


def analysis(text: str, files: Mapping[str, str] | None = None) -> Analysis:
    dockerfile = read(SourceText(text))
    return analyse(dockerfile, pragmas(dockerfile), Files(files) if files is not None else None, {})


def named(found: Analysis, *kinds: RootKind) -> set[str]:
    return {root.place.path for root in found.runtime.roots if not kinds or root.kind in kinds}


@pytest.mark.parametrize(
    ("command", "paths"),
    [
        ('CMD ["/opt/x/bin/server", "--config=/etc/x.conf"]', {"/opt/x/bin/server", "/etc/x.conf"}),
        ("CMD exec ./server -p 80", {"/app/server"}),
        ('CMD ["node", "dist/main.js"]', {"/app/dist/main.js"}),
        ('ENTRYPOINT ["/bin/sh", "-c"]\nCMD ["exec /srv/run --x"]', {"/srv/run"}),
        ("HEALTHCHECK CMD /usr/bin/check /etc/ok", {"/usr/bin/check", "/etc/ok"}),
    ],
)
def test_paths_of_commands(command: str, paths: set[str]) -> None:
    assert paths <= named(analysis(f"FROM debian\nWORKDIR /app\n{command}\n"), RootKind.COMMAND)


@pytest.mark.parametrize(
    ("rest", "paths"),
    [
        ('ENTRYPOINT ["/run"]\nCMD ["app.py", "--help"]', {"/app/app.py"}),
        ('COPY jobs /app/jobs\nENTRYPOINT ["/run"]\nCMD ["-f", "jobs"]', set()),
        ('COPY Procfile /app/\nENTRYPOINT ["/run"]\nCMD ["-f", "Procfile"]', {"/app/Procfile"}),
        ('COPY . /app\nENTRYPOINT ["/run"]\nCMD ["go"]', set()),
        ('CMD ["app.py"]', set()),
    ],
)
def test_words_of_cmd_may_be_files_for_the_entrypoint(rest: str, paths: set[str]) -> None:
    found = analysis(f"FROM debian\nWORKDIR /app\n{rest}\n", {"Procfile": "", "jobs/a": ""})
    assert named(found, RootKind.COMMAND, RootKind.CONTENT) - {"/run"} == paths


def test_what_an_entrypoint_that_nobody_knows_may_run_needs_its_work_directory() -> None:
    found = analysis('FROM someone/python\nWORKDIR /app\nCMD ["app.py"]\n')
    assert named(found, RootKind.COMMAND) == {"/app/app.py"}
    assert named(found, RootKind.CONTENT) == {"/app"}


def test_addresses_and_options_are_no_paths() -> None:
    found = analysis('FROM debian\nCMD ["x", "http://a/b/c", "-v", "0.0.0.0:80"]\n')
    assert named(found, RootKind.COMMAND) == set()


def test_scripts_are_followed() -> None:
    files = {"start.sh": "#!/bin/sh\n. /two.sh\nexec curl x\n", "two.sh": "cat /etc/deep.conf\n"}
    found = analysis('FROM debian\nCOPY start.sh two.sh /\nENTRYPOINT ["/start.sh"]\n', files)
    assert "curl" in found.runtime.names
    assert "/etc/deep.conf" in named(found, RootKind.SCRIPT)
    assert not found.runtime.opaque


@pytest.mark.parametrize(
    "text",
    [
        'COPY start.sh /\nENTRYPOINT ["/start.sh"]',
        'ENV AT=/app\nCOPY . $AT\nCMD ["bash", "/app/start.sh"]',
        'ENV AT=/app\nCOPY start.sh "${AT}/"\nCMD /app/start.sh',
        'ARG FILE=start.sh\nCOPY $FILE /\nCMD ["/start.sh"]',
    ],
)
def test_a_script_without_a_context_is_opaque(text: str) -> None:
    assert analysis(f"FROM debian\n{text}\n").runtime.opaque


@pytest.mark.parametrize(
    "written",
    [
        'echo "#!/bin/bash\\ncd /app && {second} && npm start" > /entry',
        "printf '#!/bin/sh\\n%s\\n' '{second}' 'npm start' > /entry",
        "echo '#!/bin/sh' > /entry && echo '{second}' >> /entry && echo 'npm start' >> /entry",
        "cat <<EOF > /entry && chmod +x /entry\n#!/bin/sh\n{second}\nnpm start\nEOF",
    ],
)
@pytest.mark.parametrize(("second", "opaque"), [("/second.sh", True), ("/usr/bin/env", False)])
def test_scripts_that_commands_write_out_are_followed(written: str, second: str, opaque: bool) -> None:
    found = analysis(
        f'FROM debian\nADD second.sh /\nRUN {written.format(second=second)}\nCMD ["/entry"]\n'
    ).runtime
    assert "npm" in found.program_names()
    assert found.opaque is opaque


@pytest.mark.parametrize("command", ['sh -c "/start.sh && prog"', '["sh", "-c", "/start.sh && prog"]'])
def test_a_script_in_the_text_of_a_command_counts(command: str) -> None:
    assert analysis(f"FROM debian\nADD ./start.sh /\nCMD {command}\n").runtime.opaque


def test_what_is_added_to_a_script_of_the_context_is_read_too() -> None:
    text = 'FROM debian\nCOPY start /\nRUN echo "exec nginx" >> /start\nCMD ["/start"]\n'
    assert {"nginx", "curl"} <= analysis(text, {"start": "#!/bin/sh\ncurl x\n"}).runtime.names


@pytest.mark.parametrize(
    ("brought", "opaque"),
    [
        ("curl -sSL $URL | tar xz -C /opt/tool", True),
        ("mkdir -p /opt/tool && tar xf t.tgz -C /opt/tool --strip-components=1 && rm t.tgz", True),
        ("git clone https://example.org/tool /opt/tool", True),
        ("curl -o /opt/tool/tool.sh https://example.org/tool.sh", True),
        ("mv /tmp/tool.sh /opt/tool/", True),
        ('echo "nginx $(cat /x)" > /opt/tool/tool.sh', True),
        ("echo 'exec nginx' > /opt/tool/tool.sh", False),
        ("git clone https://example.org/other /opt/other", False),
    ],
)
@pytest.mark.parametrize("start", ["tool.sh", "/opt/tool/tool.sh"])
def test_a_script_that_a_command_brings_unread_is_opaque(brought: str, start: str, opaque: bool) -> None:
    found = analysis(
        f'FROM debian\nRUN {brought}\nENV PATH /opt/tool:$PATH\nENTRYPOINT ["{start}"]\n'
    ).runtime
    assert found.opaque is opaque


@pytest.mark.parametrize(("start", "opaque"), [("start.sh", True), ("nginx", False)])
def test_a_script_on_path_may_be_one_of_a_pattern(start: str, opaque: bool) -> None:
    found = analysis(f"FROM debian\nCOPY bin/* /usr/local/bin/\nCMD {start}\n").runtime
    assert found.opaque is opaque


def test_a_script_that_is_known_by_its_name_is_not_opaque() -> None:
    text = "FROM openjdk:8\nRUN curl $URL | tar xz -C /opt/tomcat\nENV PATH /opt/tomcat/bin:$PATH\n"
    assert not analysis(text + 'CMD ["catalina.sh", "run"]\n').runtime.opaque


@pytest.mark.parametrize(
    ("command", "opaque"),
    [
        ('["bash", "-c", "cd /app && node main.js"]', False),
        ('["/bin/sh", "-lc", "node main.js"]', False),
        ('["bash", "-ec", "./start.sh"]', True),
        ('["bash", "-e", "start.sh"]', True),
        ('["sh", "-c", "node main.js", "start.sh"]', False),
    ],
)
def test_the_text_behind_c_is_no_file_but_the_word_behind_other_options_is(
    command: str, opaque: bool
) -> None:
    found = analysis(f"FROM node:12\nWORKDIR /app\nCOPY . .\nCMD {command}\n").runtime
    assert found.opaque is opaque
    assert not any("-" in root.place.path for root in found.roots)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('FROM python:3.11\nWORKDIR /app\nCMD ["python", "a.py"]\n', RootKind.CONTENT),
        ('FROM debian\nWORKDIR /app\nCMD ["mine"]\n', RootKind.COMPANION),
        ('FROM eclipse-temurin:17\nWORKDIR /app\nCMD ["java", "-jar", "/a.jar"]\n', RootKind.COMPANION),
    ],
)
def test_the_work_directory(text: str, kind: RootKind) -> None:
    assert {r.kind for r in analysis(text).runtime.roots if r.place.tree} == {kind}


@pytest.mark.parametrize(
    ("command", "around"),
    [
        ('["python", "/opt/x/run.py"]', {"/opt/x"}),
        ('["node", "/srv/x"]', {"/srv/x"}),
        ('["python", "/usr/local/bin/run.py"]', set()),
        ('["sh", "/opt/x/run.sh"]', set()),
        ('["java", "-jar", "/opt/x/a.jar"]', set()),
    ],
)
def test_what_lies_around_an_interpreted_program(command: str, around: set[str]) -> None:
    found = analysis(f"FROM debian\nCOPY x /srv/x\nCOPY y/ /srv/x/\nCMD {command}\n").runtime
    assert {r.place.path for r in found.roots if r.kind is RootKind.CONTENT} == around


def test_a_service_needs_what_it_serves_and_not_the_work_directory() -> None:
    found = analysis('FROM debian\nWORKDIR /app\nCMD ["nginx", "-g", "daemon off;"]\n')
    contents = {r.place.path for r in found.runtime.roots if r.kind is RootKind.CONTENT}
    assert "/etc/nginx" in contents
    assert "/app" not in contents


def test_what_the_user_says() -> None:
    text = "# multistage: run=/usr/local/bin/x\n# multistage: keep-path=/opt/data\nFROM debian\nRUN make\n"
    assert named(analysis(text), RootKind.PRAGMA) == {"/usr/local/bin/x", "/opt/data"}
