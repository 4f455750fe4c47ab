"""``python -m zoo COMMAND``."""

import sys

from zoo.cli import main

if __name__ == "__main__":
    sys.exit(main())
