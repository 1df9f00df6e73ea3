"""The bounds of a drawing; the frontend's twin is frontend/src/ink/limits.ts."""

BOX_MAX = 255
"""The largest coordinate: drawings fill a box of 256 x 256. Source: Quick, Draw!'s simplified drawings."""

MAX_STROKES = 200
"""More than any drawing of Quick, Draw! that we have seen (the most is 55), few enough to rasterise in a moment."""

MAX_POINTS = 10_000
"""Over all strokes; the most in the drawings that we have seen is 503."""
