"""The errors a user of the zoo can meet: each message says what was expected, what was found, and what to do."""


class ZooError(Exception):
    """Any failure that the zoo explains in one sentence; the base of all the others."""


class ModelNotFoundError(ZooError):
    """No such model, or no such version of it, in the models folder."""


class ArtifactError(ZooError):
    """An artifact that is there but damaged, incomplete, or not one of ours."""


class DataError(ZooError):
    """A data set that is missing or not what it should be."""


class ImageError(ZooError):
    """A picture, a drawing or an array of images that cannot be used."""


class BlankImageError(ImageError):
    """A picture or a drawing without ink."""


def first_line(error: Exception) -> str:
    """Return the first line of what an error says, or its kind."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
