"""Row bidirectional LSTM: the 28 rows of the image as a sequence, read downwards and upwards at once."""

from builders.training.recipe import CHOSEN_ON, Network, Recipe


def row_bilstm(units: int = 96):
    """Two layers, each of long short-term memory units in both directions; the logits see their mean over the rows."""
    import keras

    image = keras.Input((28, 28), name="image")
    x = keras.layers.Rescaling(1 / 255, name="rescaling")(image)
    for number in (1, 2):
        # Unrolled: 28 steps written out run faster on a CPU than a loop in the graph.
        lstm = keras.layers.LSTM(units, return_sequences=True, unroll=True, name=f"lstm_{number}")
        x = keras.layers.Bidirectional(lstm, name=f"rows_{number}")(x)
    x = keras.layers.GlobalAveragePooling1D(name="mean_over_rows")(x)
    logits = keras.layers.Dense(10, name="logits")(x)
    return keras.Model(image, logits, name="row_bilstm")


NETWORK = Network(
    name="row_bilstm",
    title="Row bidirectional LSTM (2 x 2 x 96)",
    description="Reads the 28 rows downwards and upwards at once with two layers of 96 LSTM units each way.",
    reference="M. Schuster, K. Paliwal, Bidirectional Recurrent Neural Networks (1997)",
    build=row_bilstm,
    recipe=Recipe(
        epochs=36,
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
