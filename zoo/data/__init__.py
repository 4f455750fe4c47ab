"""Labelled digits as arrays: MNIST, drawings, a person's collection, and corruptions."""
