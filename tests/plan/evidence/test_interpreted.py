"""Interpreted programs look into the tree that they lie in, and what is built there comes along."""

from __future__ import annotations

import pytest

from tests.plan.stages import stages

TOOLS = "FROM debian:bookworm\nRUN apt-get update && apt-get install -y cmake gcc python3\n"
LIBRARY = "COPY lib /lib1\nRUN cd /lib1 && cmake . && make install\n"


def test_what_is_compiled_beside_a_script_comes_along() -> None:
    text = (
        f"{TOOLS}{LIBRARY}ADD server /code\nWORKDIR /code\nRUN gcc -o judge judge.c\n"
        'CMD ["python3", "/code/server.py"]\n'
    )
    _, final = stages(text)
    assert "COPY --from=builder /code/judge /code/judge" in final


@pytest.mark.parametrize(
    "command",
    [
        '["python3", "/opt/b/run.py"]',
        '["sh", "-c", "python3 /opt/b/run.py"]',
        '["dockerize", "-wait", "tcp://db:1", "python3", "/opt/b/run.py"]',
        '["stdbuf", "-o", "0", "python3", "/opt/b/run.py"]',
        '["flock", "/tmp/lock", "taskset", "-c", "0", "python3", "/opt/b/run.py"]',
        'runuser -l app -c "python3 /opt/b/run.py"',
    ],
)
def test_a_clone_comes_whole_where_a_script_of_it_is_run(command: str) -> None:
    text = (
        f"{TOOLS}RUN apt-get install -y git\n{LIBRARY}"
        f"RUN git clone https://example.org/b.git /opt/b && cd /opt/b && python3 setup.py build_ext -i\nCMD {command}\n"
    )
    _, final = stages(text)
    assert "COPY --from=builder /opt/b /opt/b\n" in final


def test_a_folder_that_is_started_is_an_application() -> None:
    text = (
        'FROM node:20\nCOPY . /app\nRUN cd /app && bash -c "npm i && npm run build"\nCMD ["node", "/app"]\n'
    )
    _, final = stages(text)
    assert "COPY --from=builder /app /app" in final
    assert "COPY . /app" not in final


def test_an_archive_that_is_run_stands_alone() -> None:
    text = 'FROM maven:3-jdk-8\nCOPY . /app\nRUN cd /app && mvn package\nCMD ["java", "-jar", "/app/target/a.jar"]\n'
    _, final = stages(text)
    assert "COPY --from=builder /app/target/a.jar /app/target/a.jar" in final


def test_a_server_with_a_configuration_that_cannot_be_read_may_serve_what_was_built() -> None:
    text = (
        "FROM node:20\nRUN apt-get update && apt-get install -y nginx g++ make\nWORKDIR /app\nCOPY . /app\n"
        'RUN npm i && npm run build\nCOPY nginx.conf /etc/nginx/nginx.conf\nCMD ["nginx", "-g", "daemon off;"]\n'
    )
    _, final = stages(text)
    assert "COPY --from=builder /app /app" in final


def test_a_tree_whose_product_is_moved_to_where_it_is_run_stays_behind() -> None:
    text = (
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y maven openjdk-17-jdk\n"
        "COPY . /repo\nWORKDIR /repo\nRUN mvn package\nWORKDIR /usr/src/app\n"
        'RUN cp /repo/target/a.jar app.jar\nENTRYPOINT ["java", "-jar", "./app.jar"]\n'
    )
    _, final = stages(text)
    assert "COPY --from=builder /usr/src/app/app.jar /usr/src/app/app.jar" in final
    assert "/repo" not in final
