"""Copies come before the first step of the final stage that needs what they bring."""

from __future__ import annotations

import pytest

from tests.plan.stages import stages

SHOP = (
    "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc libc6-dev make mariadb-server\n"
    "COPY . /srv/shop\nRUN make -C /srv/shop schema.sql\n"
    "RUN service mariadb start && mysql shop < /srv/shop/schema.sql\n"
    'RUN make -C /srv/shop\nCMD ["/srv/shop/shop"]\n'
)
NOTEBOOK = (
    "FROM python:3.11-bookworm\nCOPY requirements.txt /\nRUN pip install -r /requirements.txt\n"
    "RUN jupyter nbextension enable --py widgetsnbextension\nRUN pip install psycopg2\n"
    'CMD ["jupyter", "notebook"]\n'
)
CONDA = (
    "FROM debian:bookworm\nRUN apt-get update && apt-get install -y wget gcc make\n"
    "RUN wget https://example.com/Miniconda3-Linux-x86_64.sh && bash Miniconda3-Linux-x86_64.sh -b -p /miniconda\n"
    "ENV PATH=/miniconda/bin:$PATH\nRUN conda install -y numpy\nRUN conda info -a\nRUN conda install -y scipy\n"
    'CMD ["python", "/app.py"]\n'
)


@pytest.mark.parametrize(
    ("text", "copies", "step"),
    [
        (SHOP, ["/srv/shop"], "mysql shop < /srv/shop/schema.sql"),
        (
            NOTEBOOK,
            [
                "/usr/local/bin",
                "/usr/local/etc",
                "/usr/local/lib/python3.11/site-packages",
                "/usr/local/share",
            ],
            "RUN jupyter nbextension enable",
        ),
        (CONDA, ["/miniconda"], "RUN conda info"),
    ],
)
def test_a_copy_stands_before_what_needs_it(text: str, copies: list[str], step: str) -> None:
    _, final = stages(text)
    assert final.count("COPY --from=builder /run-time") <= 1
    for path in copies:
        copy = f"COPY --from=builder {path} {path}\n"
        assert final.count(copy) == 1
        assert final.index(copy) < final.index(step)


def test_the_directory_of_a_list_of_packages_is_gone_to() -> None:
    _, final = stages(
        "FROM ubuntu:18.04\nRUN apt-get update && apt-get install -y git gcc make python3-pip\n"
        "RUN cd /opt && git clone https://example.com/jump.git && cd /opt/jump && apt-get -y install $(cat needs.txt)\n"
        'RUN make -C /opt/jump\nCMD ["/opt/jump/run"]\n'
    )
    assert "cd /opt/jump && apt-get -y install $(cat needs.txt)" in final


def test_a_copy_comes_before_the_libraries_of_it_are_listed() -> None:
    """The first list is the builder's; what another one looks through has to be there."""
    _, final = stages(
        "FROM alpine:3.20\nRUN apk add --no-cache gcc make musl-dev && wget -qO- http://example.org/x.tgz | tar xz \\\n"
        " && cd x && ./configure && make install && apk add --no-cache $(scanelf -r /usr/local)\n"
        "RUN make -C x install-more && apk add --no-cache $(scanelf --recursive /usr/local/lib)\n"
        "RUN sed -i s/a/b/ /usr/local/etc/x.conf && make -C x install-most\nCMD x\n"
    )
    assert final.index("COPY --from=builder /usr/local") < final.index("scanelf --recursive")


def test_a_link_that_is_run_is_made_again_or_copied_before() -> None:
    _, final = stages(
        "FROM alpine:3.20\nRUN apk add --no-cache gcc make musl-dev curl \\\n"
        " && curl -o /usr/local/bin/gosu http://x/gosu && chmod +x /usr/local/bin/gosu\n"
        "RUN ln -s gosu /usr/local/bin/su-exec; su-exec nobody true\n"
        "RUN wget -qO- http://example.org/x.tgz | tar xz && cd x && ./configure && make install \\\n"
        ' && deps="$(scanelf --needed --nobanner --recursive /usr/local)" && apk add --no-cache $deps\n'
        "RUN make -C x install-more\nCMD x\n"
    )
    before = final[: final.index("su-exec nobody true")]
    assert "COPY --from=builder /usr/local" in before
