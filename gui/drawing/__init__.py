"""What lies on a pad and the pad itself, for both pages."""
