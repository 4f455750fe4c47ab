"""Labelled digits drawn by rules, and outliers: what is no digit."""
