"""Data of packages that steps of the final stage read by the name of its directory."""

from __future__ import annotations

from tests.plan.stages import stages


def test_a_word_list_that_a_step_reads_is_there_for_it() -> None:
    _, final = stages(
        "FROM node:20\nRUN apt-get update && apt-get -y install wbritish-insane unaccent\n"
        "RUN cat /usr/share/dict/words | unaccent utf-8 > /usr/share/dict/names\n"
        'RUN apt-get -y remove unaccent wbritish-insane\nRUN npm i -g pm2\nCMD ["pm2-runtime", "/x.js"]\n'
    )
    assert "-y install wbritish-insane unaccent" in final
    assert "remove unaccent wbritish-insane" in final
