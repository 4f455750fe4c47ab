"""How well models read: scores, calibration, speed."""
