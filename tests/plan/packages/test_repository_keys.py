"""Keys of package archives are where an install needs them, before it does."""

from __future__ import annotations

from tests.plan.stages import stages

HEAD = "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc gnupg curl npm nodejs\n"
BUILD = 'COPY app.c /src/\nRUN gcc -o /usr/local/bin/app /src/app.c\nCMD ["app"]\n'
LIST = "echo deb [signed-by=/usr/share/keyrings/x.gpg] http://example.org/ a main > /etc/apt/sources.list.d/x.list"


def test_a_key_from_a_server_is_imported_where_the_archive_is_used() -> None:
    _, final = stages(
        f"{HEAD}RUN {LIST} && gpg --keyserver keys.example.org --recv-key E084 \\\n"
        f" && gpg -a --export E084 | apt-key add - && apt-get update && apt-get install -y thing\n{BUILD}"
    )
    imports = final.index("gpg --keyserver keys.example.org --recv-key E084")
    assert imports < final.index("gpg -a --export E084 | apt-key add -") < final.index("install -y thing")


def test_the_directory_of_an_import_is_the_authors_and_is_deleted() -> None:
    _, final = stages(
        f'{HEAD}RUN {LIST} && export GNUPGHOME="$(mktemp -d)" && gpg --keyserver keys.example.org --recv-key E084 \\\n'
        ' && gpg -a --export E084 | apt-key add - && rm -rf "$GNUPGHOME" \\\n'
        f" && apt-get update && apt-get install -y thing\n{BUILD}"
    )
    assert 'export GNUPGHOME="$(mktemp -d)"' in final
    assert 'rm -rf "$GNUPGHOME"' in final


def test_a_keyring_arrives_before_the_install_though_its_prefix_comes_later() -> None:
    _, final = stages(
        f"{HEAD}RUN curl http://example.org/key | gpg --dearmor -o /usr/share/keyrings/x.gpg && {LIST} \\\n"
        f" && apt-get update && apt-get install -y thing\nRUN npm install -g tool\n{BUILD}"
    )
    copied = final.index("COPY --from=builder /usr/share/keyrings/x.gpg /usr/share/keyrings/x.gpg")
    assert copied < final.index("install -y thing") < final.index("COPY --from=builder /install/usr")
