"""What runs beside the window, so that it never waits: the models, and tuning one of them. Knows no Tk."""
