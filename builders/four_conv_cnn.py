"""Four-conv CNN: two pairs of 3x3 convolutions of 32 filters, then twice 1,000 hidden units."""

from builders.training.recipe import CHOSEN_ON, Network, Recipe


def four_conv_cnn(filters: int = 32, units: int = 1000, dropout: float = 0.5):
    """Two blocks of two convolutions, pooling and batch normalisation, then two wide layers with dropout.

    1,556,330 parameters, of which 2,128 are the running means and variances of the three batch normalisations (two of
    32 channels, one of 1,000 units), which no gradient changes.
    """
    import keras

    image = keras.Input((28, 28), name="image")
    x = keras.layers.Rescaling(1 / 255, name="rescaling")(image)
    x = keras.layers.Reshape((28, 28, 1), name="reshape")(x)
    for block in (1, 2):
        for half in "ab":
            x = keras.layers.Conv2D(
                filters, 3, activation="relu", kernel_initializer="he_normal", name=f"conv_{block}{half}"
            )(x)
        x = keras.layers.MaxPooling2D(name=f"pool_{block}")(x)
        x = keras.layers.BatchNormalization(name=f"norm_{block}")(x)
    x = keras.layers.Flatten(name="flatten")(x)
    x = keras.layers.Dense(units, activation="relu", kernel_initializer="he_normal", name="hidden_1")(x)
    x = keras.layers.BatchNormalization(name="norm_3")(x)
    x = keras.layers.Dropout(dropout, name="dropout_1")(x)
    x = keras.layers.Dense(units, activation="relu", kernel_initializer="he_normal", name="hidden_2")(x)
    x = keras.layers.Dropout(dropout, name="dropout_2")(x)
    logits = keras.layers.Dense(10, name="logits")(x)
    return keras.Model(image, logits, name="four_conv_cnn")


NETWORK = Network(
    name="four_conv_cnn",
    title="Four-conv CNN (4 x 32-1000-1000)",
    description="Two pairs of 3x3 convolutions of 32 filters, pooled and batch-normalised, then twice 1,000 units with "
    "dropout.",
    reference="K. Simonyan, A. Zisserman, Very Deep Convolutional Networks for Large-Scale Image Recognition (2015)",
    build=four_conv_cnn,
    recipe=Recipe(
        epochs=40,
        learning_rate=2e-3,
        label_smoothing=0.03,
        warp=0.8,
        synthetic=20_000,
        outliers=5_000,
        synthetic_warp=0.5,
    ),
    chosen_on=CHOSEN_ON,
)

if __name__ == "__main__":
    import sys

    from builders.cli import main

    sys.exit(main([NETWORK.name, *sys.argv[1:]]))
