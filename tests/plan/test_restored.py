"""What the final stage has to fetch itself is not fetched by the builder for nothing."""

from __future__ import annotations

from tests.plan.stages import stages

FILE = """\
FROM golang:1.21-bookworm
WORKDIR /src
COPY . .
RUN go build -o /usr/local/bin/app .
RUN curl -fsSLO https://example.org/tool.tgz \\
    && echo "0123  tool.tgz" | sha256sum -c - \\
    && tar -xzf tool.tgz -C /usr/local \\
    && rm tool.tgz{}
CMD ["app"]
"""


def test_a_download_that_is_unpacked_and_deleted_stays_whole_in_the_final_stage() -> None:
    builder, final = stages(FILE.format(" && echo done"))
    assert "tool.tgz" not in builder
    assert "echo done" not in builder
    work = final[final.index("RUN curl") :].split("\n\n")[0]
    assert [word for word in ("curl", "sha256sum", "tar", "rm", "echo done") if word in work] == [
        "curl", "sha256sum", "tar", "rm", "echo done",
    ]  # fmt: skip
