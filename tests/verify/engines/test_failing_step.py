"""The step that failed, in logs as the engines write them."""

from __future__ import annotations

import pytest

from converter.verify.engines.failing_step import failing_step
from converter.verify.engines.model import FailingStep

BUILDKIT = """\
#5 [2/3] RUN echo hi > /y
#5 0.100 hi
#5 DONE 0.4s

#6 [3/3] RUN make
#6 0.312 make: *** No targets.
#6 ERROR: executor failed running [/bin/sh -c make]: exit code: 2
------
 > [3/3] RUN make:
------
executor failed running [/bin/sh -c make]: exit code: 2
"""

BUILDKIT_OF_A_STAGE = """\
------
 > [stage-1 2/2] COPY --from=a /nothing /y:
------
failed to compute cache key: "/nothing" not found: not found
"""

NEW_BUILDKIT = """\
------
 > [build 4/7] RUN npm ci:
0.412 npm error code E404
0.500 npm error 404 Not Found
------
Dockerfile:4
--------------------
   4 | >>> RUN npm ci
--------------------
ERROR: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1
"""

LEGACY = """\
Step 2/4 : RUN echo hi > /y
 ---> a71668af9564
Step 3/4 : RUN make
 ---> Running in 8d784cfc823a
make: *** No targets.
The command '/bin/sh -c make' returned a non-zero code: 2
"""

LEGACY_REASON = "The command '/bin/sh -c make' returned a non-zero code: 2"

BUILDAH = """\
[2/2] STEP 1/2: FROM debian:bookworm-slim
[2/2] STEP 2/2: COPY --from=a /nothing /y
Error: building at STEP "COPY --from=a /nothing /y": copier: stat: "/nothing": no such file or directory
"""

NO_STEP = "failed to solve: dockerfile parse error line 2: unknown instruction: RUNN\n"

METADATA = """\
 > [internal] load metadata for docker.io/library/foo:1:
------
failed to solve: docker.io/library/foo:1: not found
"""


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        (
            BUILDKIT,
            FailingStep(
                "RUN make",
                "executor failed running [/bin/sh -c make]: exit code: 2",
                ("make: *** No targets.",),
            ),
        ),
        (
            BUILDKIT_OF_A_STAGE,
            FailingStep(
                "COPY --from=a /nothing /y", 'failed to compute cache key: "/nothing" not found: not found'
            ),
        ),
        (
            LEGACY,
            FailingStep(
                "RUN make",
                LEGACY_REASON,
                (" ---> Running in 8d784cfc823a", "make: *** No targets.", LEGACY_REASON),
            ),
        ),
        (
            METADATA,
            FailingStep(
                "FROM docker.io/library/foo:1", "failed to solve: docker.io/library/foo:1: not found"
            ),
        ),
        ("", FailingStep("", "it said nothing")),
    ],
)
def test_forms(log: str, expected: FailingStep) -> None:
    assert failing_step(log) == expected


def test_newer_buildkit() -> None:
    step = failing_step(NEW_BUILDKIT)
    assert step.instruction == "RUN npm ci"
    assert step.reason.startswith('failed to solve: process "/bin/sh -c npm ci"')
    assert step.output[-1] == "0.500 npm error 404 Not Found"


def test_buildah() -> None:
    step = failing_step(BUILDAH)
    assert step.instruction == "COPY --from=a /nothing /y"
    assert step.reason.startswith("building at STEP")


def test_a_log_without_steps() -> None:
    assert failing_step(NO_STEP) == FailingStep("", NO_STEP.strip(), (NO_STEP.strip(),))


def test_long_output_is_cut_at_its_start() -> None:
    log = "Step 1/1 : RUN x\n" + "".join(f"line {number}\n" for number in range(100))
    assert failing_step(log).output == tuple(f"line {number}" for number in range(88, 100))
