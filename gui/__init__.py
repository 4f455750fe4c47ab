"""The window: draw a digit and see what each model of the zoo makes of it.

The dependency rule: ``gui`` depends on ``zoo``, and nobody imports ``gui``. No module here imports TensorFlow or
matplotlib: the models run in a process of their own (``worker/``), so that the window never waits for them.

``app.py`` puts it together: the pages in ``compare/`` and ``collect/`` show what their states hold, on the pad of
``drawing/``; ``worker/`` carries a drawing to the models and their answers back.
"""
