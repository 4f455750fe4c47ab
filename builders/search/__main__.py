"""``python -m builders.search NAME``: search for a better recipe."""

import sys

from builders.search.search import main

if __name__ == "__main__":
    sys.exit(main())
