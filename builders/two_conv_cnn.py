"""Two-conv CNN: two 5x5 convolutions of 20 and 40 filters, each pooled, then 100 hidden units."""

from builders.training.recipe import CHOSEN_ON, Network, Recipe


def two_conv_cnn(filters: tuple[int, int] = (20, 40), units: int = 100):
    """Two convolutions with max pooling, then one hidden layer, of ReLU units all."""
    import keras

    image = keras.Input((28, 28), name="image")
    x = keras.layers.Rescaling(1 / 255, name="rescaling")(image)
    x = keras.layers.Reshape((28, 28, 1), name="reshape")(x)
    x = keras.layers.Conv2D(filters[0], 5, activation="relu", kernel_initializer="he_normal", name="conv_1")(x)
    x = keras.layers.MaxPooling2D(name="pool_1")(x)
    x = keras.layers.Conv2D(filters[1], 5, activation="relu", kernel_initializer="he_normal", name="conv_2")(x)
    x = keras.layers.MaxPooling2D(name="pool_2")(x)
    x = keras.layers.Flatten(name="flatten")(x)
    x = keras.layers.Dense(units, activation="relu", kernel_initializer="he_normal", name="hidden")(x)
    logits = keras.layers.Dense(10, name="logits")(x)
    return keras.Model(image, logits, name="two_conv_cnn")


NETWORK = Network(
    name="two_conv_cnn",
    title="Two-conv CNN (20-40-100)",
    description="Two 5x5 convolutions of 20 and 40 filters with max pooling, then 100 hidden units.",
    reference="M. A. Nielsen, Neural Networks and Deep Learning (2015), chapter 6",
    build=two_conv_cnn,
    recipe=Recipe(
        epochs=54,
        learning_rate=3e-3,
        label_smoothing=0.05,
        warp=0.6,
        synthetic=20_000,
        outliers=5_000,
        synthetic_warp=0.4,
    ),
    chosen_on=CHOSEN_ON,
)

if __name__ == "__main__":
    import sys

    from builders.cli import main

    sys.exit(main([NETWORK.name, *sys.argv[1:]]))
