"""Train the networks of the zoo and export them: one network a file, what they share beside them, once."""
