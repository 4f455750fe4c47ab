"""The page on which every model reads the drawing."""
