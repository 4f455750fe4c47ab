"""Networks that somebody else made, added to the zoo and removed from it."""
