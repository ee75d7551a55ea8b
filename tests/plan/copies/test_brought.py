"""Steps of both stages leave the final one where a copy brings all that they make."""

from __future__ import annotations

import pytest

from tests.plan.stages import stages

BENCH = (
    "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc make wget\nWORKDIR /root\n"
    "RUN wget http://example.org/bench-1.tar.gz && tar -xf bench-1.tar.gz && mv bench-1 bench && rm bench-1.tar.gz\n"
    '{before}WORKDIR /root/bench\nRUN make\nCOPY run.sh /\nENTRYPOINT ["/run.sh"]\n'
)


def test_what_was_downloaded_and_built_is_not_downloaded_again() -> None:
    builder, final = stages(BENCH.format(before=""))
    assert "wget http" in builder
    assert "COPY --from=builder /root/bench /root/bench" in final
    assert "RUN wget" not in final
    assert "tar -xf" not in final


def test_a_cd_to_where_it_is_built_looks_at_nothing() -> None:
    one = BENCH.format(before="").replace("\nWORKDIR /root/bench\nRUN make", " && cd bench && make")
    _, final = stages(one)
    assert "COPY --from=builder /root/bench /root/bench" in final
    assert "tar -xf" not in final


@pytest.mark.parametrize(
    "step",
    ["RUN adduser --system --home /root/bench bench\n", "RUN find /root/bench -name config -exec cat {} +\n"],
)
def test_it_stays_for_a_step_that_looks_at_it_before_the_copy(step: str) -> None:
    _, final = stages(BENCH.format(before=step))
    assert final.index("tar -xf") < final.index(step) < final.index("--from=builder /root/bench ")


def test_a_file_below_a_copied_prefix_is_written_once() -> None:
    text = (
        "FROM debian:bookworm\nRUN mkdir -p /opt/app/etc && echo x > /opt/app/etc/motd\n"
        "RUN apt-get update && apt-get install -y gcc make\nCOPY . /src\n"
        "RUN cd /src && ./configure --prefix=/opt/app && make install && cat /opt/app/etc/motd\n"
        'CMD ["/opt/app/bin/x"]\n'
    )
    builder, final = stages(text)
    assert "echo x" in builder
    assert "echo x" not in final


def test_an_owner_is_no_matter_of_a_copy_alone() -> None:
    text = (
        "FROM debian:bookworm\nRUN apt-get update && apt-get install -y gcc make\n"
        "RUN install -d -o www-data /opt/app /opt/app/bin\n"
        "COPY . /src\nRUN cd /src && ./configure --prefix=/opt/app && make install && ls /opt/app/bin\n"
        'CMD ["/opt/app/bin/x"]\n'
    )
    _, final = stages(text)
    assert "www-data" in final


def test_a_directory_that_a_difference_has_brought_is_not_made_again() -> None:
    _, final = stages(
        "FROM ubuntu\nRUN apt-get update && apt-get install -y gfortran libopenblas-dev\n"
        "RUN pip3 install ipykernel && python3 -m ipykernel install --user\n"
        "RUN R -e \"install.packages('uuid')\"\nENV GOPATH=/root/go\n"
        "RUN mkdir /usr/local/share/kernels\nRUN cp $GOPATH/src/example.org/k/* /usr/local/share/kernels\n"
        'ADD start.sh /\nCMD ["/start.sh"]\n'
    )
    assert "COPY --from=builder /install/usr /usr" in final
    assert "mkdir /usr/local/share/kernels" not in final


ENTRY = (
    "FROM alpine:3.19\nRUN apk add --no-cache gcc make musl-dev\nCOPY src /src\n"
    "RUN make -C /src install PREFIX=/usr/local\n"
    "COPY entrypoint.sh ensure.sh /usr/local/bin/\nRUN ln -sT ensure.sh /usr/local/bin/enforce.sh\n"
)


def test_a_copy_of_both_stages_that_a_copied_directory_brings_stands_once() -> None:
    builder, final = stages(f'{ENTRY}ENTRYPOINT ["entrypoint.sh"]\nCMD ["app"]\n')
    assert "COPY entrypoint.sh" in builder
    assert "COPY entrypoint.sh" not in final
    assert "COPY --from=builder /usr/local /usr/local" in final


def test_a_copy_that_a_step_of_the_final_stage_uses_before_the_directory_comes_stays() -> None:
    text = ENTRY.replace("RUN ln", "RUN cp /usr/local/bin/ensure.sh /etc/ensure.sh\nRUN ln")
    _, final = stages(
        f'{text}RUN make -C /src modules install PREFIX=/usr/local\nENTRYPOINT ["entrypoint.sh"]\nCMD ["app"]\n'
    )
    used, brought = final.index("RUN cp"), final.index("COPY --from=builder /usr/local")
    assert "COPY entrypoint.sh" in final[:used] or brought < used


def test_a_directory_that_is_removed_later_is_not_made_in_the_final_stage() -> None:
    _, final = stages(
        "FROM python:3.9-slim\nRUN mkdir -p /usr/src/app /usr/src/docs\nWORKDIR /usr/src/app\nCOPY . .\n"
        "RUN pip install . && sphinx-build -b html source html && mv html/* /usr/src/docs/\n"
        'WORKDIR /usr/src/docs\nRUN rm -rf /usr/src/app\nCMD ["python", "-m", "http.server"]\n'
    )
    assert "mkdir" not in final
    assert "/usr/src/app" not in final
    assert "COPY --from=builder /usr/src/docs /usr/src/docs" in final
