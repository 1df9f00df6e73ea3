"""
Where base data comes from: one module a format, each with a function that reads it, some drawings at a time.

    npy      a folder of <label>.npy or full_numpy_bitmap_<label>.npy
    npz      MNIST's archive: x_train, y_train, x_test, y_test
    ndjson   Quick, Draw!'s simplified strokes
    tfrecord TensorFlow's records, in any number of files
    stored   the database itself
"""

from doodle_db.base_sources.drawings import Drawings
from doodle_db.base_sources.places import read_drawings

__all__ = ["Drawings", "read_drawings"]
