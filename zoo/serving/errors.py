"""What a request is refused with."""

from zoo.errors import ZooError


class RequestError(ZooError):
    """A request that is not answered, and the status that says so: 400 by default, what TensorFlow calls invalid."""

    def __init__(self, message: str, status: int = 400):
        super().__init__(message)
        self.status = status


def overloaded() -> RequestError:
    """Return the error for a request that finds too many waiting before it."""
    return RequestError("The batch scheduling queue to which this task was submitted is full", 503)
