"""
What can be wrong with a picture somebody sent.

    DoodleError, InvalidError (doodle_db.errors)
    └── PhotoError
        ├── PictureError             the file
        │   ├── PictureTypeError     ... is none of the formats we read
        │   ├── PictureSizeError     ... is larger than we open
        │   └── PictureDamagedError  ... cannot be decoded
        └── NoInkError               nothing is drawn in it
"""

from doodle_db.errors import InvalidError


class PhotoError(InvalidError):
    """The picture cannot be read as a drawing."""


class PictureError(PhotoError):
    """The file is no picture that can be read."""


class PictureTypeError(PictureError):
    """This is neither a PNG nor a JPEG nor a WebP file, whatever its name says; save the picture as one of these."""


class PictureSizeError(PictureError):
    """The picture is too large to be opened; send a smaller one."""


class PictureDamagedError(PictureError):
    """The picture cannot be decoded: it is cut off or damaged; save it anew."""


class NoInkError(PhotoError):
    """No drawing was found in the picture: it is blank, or nothing in it stands out from its background."""
