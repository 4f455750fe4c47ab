"""The window: draw a digit and see what each model of the zoo makes of it.

The dependency rule: ``gui`` depends on ``zoo``, and nobody imports ``gui``. No module here imports TensorFlow or
matplotlib: the models run in a process of their own (``worker.py``), so that the window never waits for them.

``session.py``, ``picture.py``, ``worker.py`` and ``worker_link.py`` know no Tk.
"""
