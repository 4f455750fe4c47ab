"""What the builders share: recipe, data, training, calibration, export."""
