"""Add networks that others have made: from a file to an artifact of the zoo, checked, tried and scored."""
