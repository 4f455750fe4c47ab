"""``python -m builders.search NAME``: search for a better recipe."""

import sys

try:
    from builders.search.cli import main
except ModuleNotFoundError as error:
    if error.name != "optuna":
        raise
    from zoo._support.processes import install_command

    sys.exit(f"A search needs Optuna, which is not installed: install it with `{install_command('training,search')}`.")

if __name__ == "__main__":
    sys.exit(main())
