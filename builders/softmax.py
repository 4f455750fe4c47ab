"""Softmax regression, 784-10: no hidden layer, the baseline of all that follows."""

from builders.training.recipe import CHOSEN_ON, Network, Recipe


def softmax():
    """Ten weighted sums of the pixels, one a digit: each weight vector can be looked at as a picture of its digit."""
    import keras

    image = keras.Input((28, 28), name="image")
    x = keras.layers.Rescaling(1 / 255, name="rescaling")(image)
    x = keras.layers.Flatten(name="flatten")(x)
    logits = keras.layers.Dense(10, name="logits")(x)
    return keras.Model(image, logits, name="softmax")


NETWORK = Network(
    name="softmax",
    title="Softmax regression (784-10)",
    description="No hidden layer: each digit is a weighted sum of the pixels. The baseline that any network must beat.",
    reference="Y. LeCun et al., Gradient-Based Learning Applied to Document Recognition (1998)",
    build=softmax,
    # Almost no warp, and MNIST mostly: what a sum of pixels learns of other shapes it forgets of these.
    recipe=Recipe(epochs=20, learning_rate=2e-3, weight_decay=0.0, warp=0.1, synthetic=20_000, synthetic_warp=0.1),
    chosen_on=CHOSEN_ON,
)

if __name__ == "__main__":
    import sys

    from builders.cli import main

    sys.exit(main([NETWORK.name, *sys.argv[1:]]))
