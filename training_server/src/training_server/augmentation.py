"""Change drawings a little while training, a whole batch at once and inside the graph."""

from typing import Any

import tensorflow as tf

from training_server.fit_plan import Augmentation


def augment(images: Any, augmentation: Augmentation, seed: Any) -> Any:
    """
    Rotate, stretch, shear, shift and mirror each drawing of a batch about its centre, and fade it: each on its own.

    Args:
        images: float32 tensor (batch, height, width, 1) in [0, 1]; 0 paper, 1 full ink.
        augmentation: how far.
        seed: int32 tensor (2,); the same seed and batch give the same drawings, whatever else runs.

    Returns:
        float32 tensor of the same shape; what comes in from outside is paper.
    """
    size = tf.shape(images)
    transforms = _draw_transforms(size[0], tf.cast(size[1:3], tf.float32), augmentation, seed)
    changed = tf.raw_ops.ImageProjectiveTransformV3(
        images=images,
        transforms=transforms,
        output_shape=size[1:3],
        fill_value=0.0,
        interpolation="BILINEAR",
        fill_mode="CONSTANT",
    )
    return changed * _draw_strengths(size[0], augmentation, seed) if augmentation.fade else changed


def _draw_strengths(num_images: Any, augmentation: Augmentation, seed: Any) -> Any:
    """Draw how strong each drawing's ink is: float32 tensor (num_images, 1, 1, 1) in (0, 1]."""
    # A seed of its own: the transforms' first numbers must not say how pale a drawing is.
    chance = tf.random.stateless_uniform([num_images, 1, 1, 1], seed + tf.constant([1 << 20, 0]))
    return 1.0 - augmentation.fade * chance


def _draw_transforms(num_images: Any, size: Any, augmentation: Augmentation, seed: Any) -> Any:
    """
    Draw one affine transform per drawing, from a place in the new drawing to the place in the old one.

    Returns:
        float32 tensor (num_images, 8): a, b, c, d, e, f, 0, 0 as ImageProjectiveTransformV3 wants them:
        x_old = a x + b y + c, y_old = d x + e y + f.
    """
    chance = tf.random.stateless_uniform([7, num_images], seed, -1.0, 1.0)
    angle = augmentation.rotation_radians * chance[0]
    stretch_x = tf.exp(augmentation.stretch * chance[1])
    stretch_y = tf.exp(augmentation.stretch * chance[2])
    shear = augmentation.shear * chance[3]
    side = tf.where(chance[6] < 0.0, -1.0, 1.0) if augmentation.mirror else tf.ones([num_images])
    a, b = tf.cos(angle) * stretch_x * side, (shear * tf.cos(angle) - tf.sin(angle)) * stretch_y
    d, e = tf.sin(angle) * stretch_x * side, (shear * tf.sin(angle) + tf.cos(angle)) * stretch_y
    centre_y, centre_x = (size[0] - 1.0) / 2.0, (size[1] - 1.0) / 2.0
    c = centre_x - a * centre_x - b * centre_y + augmentation.shift_px * chance[4]
    f = centre_y - d * centre_x - e * centre_y + augmentation.shift_px * chance[5]
    none = tf.zeros([num_images])
    return tf.stack([a, b, c, d, e, f, none, none], axis=1)
