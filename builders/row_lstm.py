"""Row LSTM: the 28 rows of the image as a sequence, read downwards by two layers of long short-term memory units."""

from builders.training.recipe import CHOSEN_ON, Network, Recipe


def row_lstm(units: int = 128):
    """Two layers of LSTM units; the logits see the mean of the second layer's states over the rows."""
    import keras

    image = keras.Input((28, 28), name="image")
    x = keras.layers.Rescaling(1 / 255, name="rescaling")(image)
    # Unrolled: 28 steps written out run faster on a CPU than a loop in the graph.
    x = keras.layers.LSTM(units, return_sequences=True, unroll=True, name="rows_1")(x)
    x = keras.layers.LSTM(units, return_sequences=True, unroll=True, name="rows_2")(x)
    x = keras.layers.GlobalAveragePooling1D(name="mean_over_rows")(x)
    logits = keras.layers.Dense(10, name="logits")(x)
    return keras.Model(image, logits, name="row_lstm")


NETWORK = Network(
    name="row_lstm",
    title="Row LSTM (2 x 128)",
    description="Reads the 28 rows from top to bottom with two layers of 128 LSTM units (long short-term memory).",
    reference="S. Hochreiter, J. Schmidhuber, Long Short-Term Memory (1997)",
    build=row_lstm,
    recipe=Recipe(
        epochs=45,
        batch_size=256,
        learning_rate=4e-3,
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
