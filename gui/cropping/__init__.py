"""The part of a picture that is read: one of several digits, or what is in a box that a person drags."""
