"""Both stages of a conversion, as tests of the plan look at them."""

from __future__ import annotations

from converter.convert import convert
from converter.outcome import Converted


def stages(text: str) -> tuple[str, str]:
    """The builder, and the final stage without the word FROM; the file has to be converted."""
    outcome = convert(text)
    assert isinstance(outcome, Converted), outcome
    builder, _, final = outcome.dockerfile.partition("\n\nFROM ")
    return builder, final
