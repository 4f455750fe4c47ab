"""Batch-norm CNN: two 5x5 convolutions of 16 and 32 filters, pooled and batch-normalised, then 256 hidden units."""

from builders.training.recipe import CHOSEN_ON, Network, Recipe


def batch_norm_cnn(filters: tuple[int, int] = (16, 32), units: int = 256, dropout: float = 0.2):
    """Convolutions that keep the size of their input, each followed by max pooling, batch normalisation and ReLU."""
    import keras

    image = keras.Input((28, 28), name="image")
    x = keras.layers.Rescaling(1 / 255, name="rescaling")(image)
    x = keras.layers.Reshape((28, 28, 1), name="reshape")(x)
    for number, count in enumerate(filters, start=1):
        # Without a bias: the normalisation that follows would take it away again.
        x = keras.layers.Conv2D(
            count, 5, padding="same", use_bias=False, kernel_initializer="he_normal", name=f"conv_{number}"
        )(x)
        # Pooled first: there is a quarter left to normalise.
        x = keras.layers.MaxPooling2D(name=f"pool_{number}")(x)
        x = keras.layers.BatchNormalization(name=f"norm_{number}")(x)
        x = keras.layers.ReLU(name=f"relu_{number}")(x)
    x = keras.layers.Flatten(name="flatten")(x)
    x = keras.layers.Dense(units, activation="relu", kernel_initializer="he_normal", name="hidden")(x)
    x = keras.layers.Dropout(dropout, name="dropout")(x)
    logits = keras.layers.Dense(10, name="logits")(x)
    return keras.Model(image, logits, name="batch_norm_cnn")


NETWORK = Network(
    name="batch_norm_cnn",
    title="Batch-norm CNN (16-32-256)",
    description="Two 5x5 convolutions of 16 and 32 filters, batch-normalised and pooled, then 256 hidden units.",
    reference="S. Ioffe, C. Szegedy, Batch Normalization (ICML 2015)",
    build=batch_norm_cnn,
    recipe=Recipe(
        epochs=90,
        learning_rate=3e-3,
        label_smoothing=0.03,
        warp=0.7,
        synthetic=20_000,
        outliers=5_000,
        synthetic_warp=0.45,
    ),
    chosen_on=CHOSEN_ON,
)

if __name__ == "__main__":
    import sys

    from builders.cli import main

    sys.exit(main([NETWORK.name, *sys.argv[1:]]))
