"""``python -m builders [NAME ...]``: train and export the networks of the zoo."""

import sys

from builders.cli import main

if __name__ == "__main__":
    sys.exit(main())
