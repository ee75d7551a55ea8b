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


@pytest.mark.parametrize(
    "work",
    [
        "cd /app/web && npm install && npm run build",
        "(cd /app/web && npm install && npm run build)",
        "make -C /app/web",
        "npm --prefix /app/web install && npm --prefix /app/web run build",
        "yarn --cwd /app/web install && yarn --cwd /app/web build",
    ],
)
@pytest.mark.parametrize(
    "start",
    [
        'CMD ["node", "/app/web/server.js"]',
        'COPY nginx.conf /etc/nginx/nginx.conf\nCMD ["nginx"]',
        'COPY start.sh /\nCMD ["/start.sh"]',
        'ENTRYPOINT ["/app/web/run.sh"]',
    ],
)
def test_what_is_built_below_a_copied_folder_comes_along(work: str, start: str) -> None:
    _, final = stages(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc make nginx nodejs npm\n"
        f"COPY lib /lib1\nRUN cd /lib1 && make && make install\nCOPY . /app\nRUN {work}\n{start}\n"
    )
    assert "COPY --from=builder /app /app\n" in final


def test_a_folder_that_a_program_is_given_is_all_of_it() -> None:
    _, final = stages(
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc nodejs npm\nWORKDIR /site\nCOPY ./ ./\n"
        'RUN npm i -g node-static\nRUN npm i && npm run build\nCMD ["static", "."]\n'
    )
    assert "COPY --from=builder /site /site\n" in final


def test_where_composer_is_told_to_work_stays_for_a_script() -> None:
    _, final = stages(
        "FROM php:7.2-fpm\nRUN docker-php-ext-install pdo_mysql\nCOPY . /usr/src/plus\n"
        "RUN composer install --working-dir=/usr/src/plus\nCOPY docker-entrypoint.sh /usr/local/bin/\n"
        'ENTRYPOINT ["docker-entrypoint.sh"]\nWORKDIR /var/www\nCMD ["php-fpm"]\n'
    )
    assert "COPY . /usr/src/plus\n" in final
    assert "COPY --from=builder /usr/src/plus/vendor /usr/src/plus/vendor\n" in final


def test_modules_are_built_where_the_compiler_is() -> None:
    _, final = stages(
        "FROM python:3.11\nWORKDIR /src\nCOPY . .\nRUN pip install cython numpy && cythonize -i b/*.pyx\n"
        'CMD ["python", "-m", "b"]\n'
    )
    assert "cythonize" not in final
    assert "COPY --from=builder /src /src\n" in final


def test_an_environment_is_left_where_it_was_entered() -> None:
    _, final = stages(
        "FROM debian:bullseye\nRUN apt-get update && apt-get install -y python3-pip python3-venv gcc\nWORKDIR /app\n"
        "RUN python3 -m venv env\nCOPY . .\n"
        "RUN . env/bin/activate && pip install -r requirements.txt && deactivate\n"
        "CMD . env/bin/activate && exec python app.py\n"
    )
    assert "deactivate" not in final
