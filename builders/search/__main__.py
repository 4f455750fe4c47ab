"""``python -m builders.search NAME``: search for a better recipe."""

import sys

try:
    from builders.search.cli import main
except ModuleNotFoundError as error:
    if error.name != "optuna":
        raise
    sys.exit("A search needs Optuna, which is not installed: pip install optuna")

if __name__ == "__main__":
    sys.exit(main())
