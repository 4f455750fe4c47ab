"""The process that runs the models, and the window's end of it."""
