"""``digit-zoo``, the command of an installed zoo: all of ``python -m zoo``, and ``digit-zoo gui`` for the window.

It stands here because ``zoo`` must not import ``gui``. The window, and all that it needs, is imported when it is asked
for.
"""

import sys

from zoo import cli

WINDOW = "gui"


def main() -> int:
    """Run the command that the command line names; return the exit code."""
    if sys.argv[1:2] == [WINDOW]:
        from gui.__main__ import main as open_window

        return open_window(sys.argv[2:], program=f"digit-zoo {WINDOW}")
    return cli.main(sys.argv[1:], program="digit-zoo", epilog=f"digit-zoo {WINDOW} opens the window.")
