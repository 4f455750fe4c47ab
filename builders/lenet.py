"""LeNet, after LeCun et al. 1998: two 5x5 convolutions of 6 and 16 filters, then 120 and 84 hidden units."""

from builders.training.recipe import CHOSEN_ON, Network, Recipe


def lenet(filters: tuple[int, int] = (6, 16), units: tuple[int, int] = (120, 84)):
    """LeNet-5 with ReLU units, max pooling, and every filter of the second convolution seeing all of the first."""
    import keras

    image = keras.Input((28, 28), name="image")
    x = keras.layers.Rescaling(1 / 255, name="rescaling")(image)
    x = keras.layers.Reshape((28, 28, 1), name="reshape")(x)
    # "same": LeNet-5 read images of 32 x 32, that is MNIST's with two rows of paper around them.
    x = keras.layers.Conv2D(
        filters[0], 5, padding="same", activation="relu", kernel_initializer="he_normal", name="conv_1"
    )(x)
    x = keras.layers.MaxPooling2D(name="pool_1")(x)
    x = keras.layers.Conv2D(filters[1], 5, activation="relu", kernel_initializer="he_normal", name="conv_2")(x)
    x = keras.layers.MaxPooling2D(name="pool_2")(x)
    x = keras.layers.Flatten(name="flatten")(x)
    x = keras.layers.Dense(units[0], activation="relu", kernel_initializer="he_normal", name="hidden_1")(x)
    x = keras.layers.Dense(units[1], activation="relu", kernel_initializer="he_normal", name="hidden_2")(x)
    logits = keras.layers.Dense(10, name="logits")(x)
    return keras.Model(image, logits, name="lenet")


NETWORK = Network(
    name="lenet",
    title="LeNet (6-16-120-84)",
    description="Two 5x5 convolutions of 6 and 16 filters with max pooling, then 120 and 84 hidden units.",
    reference="Y. LeCun et al., Gradient-Based Learning Applied to Document Recognition (1998)",
    build=lenet,
    recipe=Recipe(epochs=90, learning_rate=3e-3, warp=0.55, synthetic=20_000, outliers=5_000, synthetic_warp=0.35),
    chosen_on=CHOSEN_ON,
)

if __name__ == "__main__":
    import sys

    from builders.cli import main

    sys.exit(main([NETWORK.name, *sys.argv[1:]]))
