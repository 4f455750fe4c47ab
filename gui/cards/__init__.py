"""The card of a model: all that is known of it."""
