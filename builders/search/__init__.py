"""Search for a better recipe: ``python -m builders.search NAME``."""
