"""Row RNN: the 28 rows of the image as a sequence, read downwards by two layers of plain recurrent (Elman) units."""

from builders.training.recipe import CHOSEN_ON, Network, Recipe


def row_rnn(units: int = 128):
    """Two layers of plain recurrent units; the logits see the mean of the second layer's states over the rows."""
    import keras

    image = keras.Input((28, 28), name="image")
    x = keras.layers.Rescaling(1 / 255, name="rescaling")(image)
    # Unrolled: 28 steps written out run faster on a CPU than a loop in the graph.
    x = keras.layers.SimpleRNN(units, return_sequences=True, unroll=True, name="rows_1")(x)
    x = keras.layers.SimpleRNN(units, return_sequences=True, unroll=True, name="rows_2")(x)
    x = keras.layers.GlobalAveragePooling1D(name="mean_over_rows")(x)
    logits = keras.layers.Dense(10, name="logits")(x)
    return keras.Model(image, logits, name="row_rnn")


NETWORK = Network(
    name="row_rnn",
    title="Row RNN (2 x 128)",
    description="Reads the 28 rows from top to bottom with two layers of 128 plain recurrent (Elman) units.",
    reference="J. L. Elman, Finding Structure in Time (1990)",
    build=row_rnn,
    recipe=Recipe(epochs=72, learning_rate=1e-3, warp=0.5, synthetic=20_000, outliers=5_000, synthetic_warp=0.35),
    chosen_on=CHOSEN_ON,
)

if __name__ == "__main__":
    import sys

    from builders.cli import main

    sys.exit(main([NETWORK.name, *sys.argv[1:]]))
