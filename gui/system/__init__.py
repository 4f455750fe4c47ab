"""Where the window meets the system: files, the clipboard, what is dropped, and whether the desktop is dark."""
