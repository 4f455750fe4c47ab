"""Widgets that several parts of the window share, one class a file."""
