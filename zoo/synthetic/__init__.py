"""Synthetic digits and synthetic outliers: images that a program draws, with their labels."""
