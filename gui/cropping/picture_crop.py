"""What is done with a picture that was opened: put on the pad, or first asked what of it is to be read."""

import tkinter

from gui.compare.comparing import Comparing
from gui.cropping.cropping import Cropping
from gui.cropping.dialog import CropDialog
from gui.drawing.drawing import Picture
from gui.errors import plain
from gui.worker.link import WorkerLink
from gui.worker.messages import Answer, Cropped, OpenedPicture, Refused, TaskMessage
from zoo.images.pictures import Box


class PictureCrop:
    """The entry "Read another part…" of the menu File, and the question that a picture of several digits raises.

    Args:
        window: the dialog stands above it.
        comparing: its pad takes what is to be read.
        link: looks into a box.
    """

    def __init__(self, window: tkinter.Tk, comparing: Comparing, link: WorkerLink):
        self._window, self._comparing, self._link = window, comparing, link
        self.cropping = Cropping()
        self.dialog: CropDialog | None = None
        self._read: Picture | None = None
        self._asked: Box | None = None  # the box that was looked into last

    def take(self, opened: OpenedPicture) -> None:
        """Put a picture on the pad, or ask which part of it where it shows several digits."""
        self._link.cancel("crop")
        self.cropping.open(opened)
        if self.cropping.is_of_several or opened.image is None:
            self.open()
        else:
            self.read()

    def can_open(self) -> bool:
        """Return whether what lies on the pad is of the picture that was opened last."""
        return self._read is not None and self._comparing.session.drawing.picture is self._read

    def open(self) -> None:
        """Open the dialog, or show in it what there is now."""
        if self.dialog is None:
            self.dialog = CropDialog(
                self._window, self.cropping, on_box=self._look, on_read=self.read, on_close=self.close
            )
        else:
            self.dialog.show_picture()
            self.dialog.lift()
            self.dialog.focus_force()

    def read(self) -> None:
        """Put what was chosen on the pad, and close the dialog."""
        self.close()
        self._read = self.cropping.picture()
        self._comparing.show_on_pad(self._read)

    def close(self) -> None:
        """Close the dialog."""
        self._link.cancel("crop")
        if self.dialog is not None:
            self.dialog.destroy()
        self.dialog = None

    def restyle(self) -> None:
        """Build the dialog anew in the colours and sizes of now, if it is open."""
        if self.dialog is not None:
            self.dialog.destroy()
            self.dialog = None
            self.open()

    def receive(self, message: TaskMessage) -> bool:
        """Take a message of the worker; return whether it was about a box."""
        if message.task != "crop":
            return False
        if self.cropping.number is not None or self.cropping.box != self._asked:
            return True  # another part was chosen meanwhile
        match message:
            case Refused(error=error):
                self.cropping.error = plain(error)
            case Answer(result=Cropped(image)):
                self.cropping.image = image
        if self.dialog is not None:
            self.dialog.show()
        return True

    def _look(self) -> None:
        self._asked = self.cropping.box
        self._link.request("crop", box=list(self._asked))
