"""The page on which two models read a drawing that changes step by step."""
