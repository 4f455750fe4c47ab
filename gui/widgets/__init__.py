"""What the window shows, one class a file; each is given what it shows, and tells what a person does by a callback."""
