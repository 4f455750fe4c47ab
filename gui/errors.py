"""Errors as the window tells them: what is wrong comes first. The whole sentence goes to the log."""

import logging
import re

_LONG = re.compile(r"Expected (?P<wanted>.+?), found (?P<found>.+?)(?P<rest>[:.;] .*|[:.;]?)$", re.DOTALL)


def plain(sentence: str) -> str:
    """Return a sentence that begins with what is wrong: of "Expected A, found B" it is "Found B instead of A".

    What is no such sentence begins with it already.
    """
    logging.getLogger(__name__).info(sentence)
    match = _LONG.match(sentence)
    if match is None:
        return sentence
    wanted, found, rest = match["wanted"], match["found"], match["rest"] or "."
    if found in ("none", "nothing", "nothing there", "nothing of the kind"):
        return f"No {re.sub(r'^(a|an|some|the) ', '', wanted)}{rest}"
    return f"Found {found} instead of {wanted}{rest}"
