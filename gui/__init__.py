"""The window: draw a digit and see what each model of the zoo makes of it.

The dependency rule: ``gui`` depends on ``zoo``, and nobody imports ``gui``. No module here imports TensorFlow or
matplotlib: the models run in a process of their own (``worker/process.py``), so that the window never waits for them.

``app.py`` builds the window. Each page has a folder, in which one module is what stands behind it and outlives its
widgets (``compare/comparing.py``, ``collect/state.py``). A page or a widget is given what it shows and whom it calls,
never the window.
"""
