"""The digit as a model sees it, coloured by which ink speaks for its answer and which against. Knows no Tk."""

import numpy as np
from PIL import Image

NEUTRAL = np.array([205, 205, 205], np.float32)
FOR = np.array([45, 150, 255], np.float32)
AGAINST = np.array([255, 140, 0], np.float32)
"""RGB, on black in every theme, as models see the ink; blue against orange, which colour-blind people tell apart."""

FLOOR = 2.0
"""Nats: a map that is nowhere stronger than this is not stretched to full colour, so that noise does not glow."""


def overlay(image: np.ndarray, occlusion_map: np.ndarray) -> Image.Image:
    """Return the digit, mode RGB, 28 x 28: blue where the ink speaks for it, orange where against, grey where neither.

    Args:
        image: uint8 ``(28, 28)``, 0 (black paper) to 255 (white ink).
        occlusion_map: float ``(28, 28)`` as ``zoo.explanation.occlusion_map`` returns it.
    """
    strength = occlusion_map[..., None] / max(float(np.abs(occlusion_map).max()), FLOOR)
    colour = NEUTRAL + np.abs(strength) * (np.where(strength > 0, FOR, AGAINST) - NEUTRAL)
    ink = image[..., None] / np.float32(255)
    return Image.fromarray(np.rint(ink * colour).astype(np.uint8))
