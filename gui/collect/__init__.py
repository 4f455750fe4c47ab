"""The page on which a person collects digits of their own and tunes a model on them."""
