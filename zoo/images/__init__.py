"""From a drawing or a picture to the 28 x 28 image that models read."""
