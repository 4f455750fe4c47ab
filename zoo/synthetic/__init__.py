"""Synthetic digits, which are drawn by rules, and synthetic outliers: what is no digit."""
