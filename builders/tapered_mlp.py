"""Tapered MLP, 784-64-32-10: two hidden layers, the second narrower than the first."""

from builders.training.recipe import CHOSEN_ON, Network, Recipe


def tapered_mlp(units: tuple[int, int] = (64, 32)):
    """Two hidden layers of GELU units, the second half as wide as the first."""
    import keras

    image = keras.Input((28, 28), name="image")
    x = keras.layers.Rescaling(1 / 255, name="rescaling")(image)
    x = keras.layers.Flatten(name="flatten")(x)
    x = keras.layers.Dense(units[0], activation="gelu", name="hidden_1")(x)
    x = keras.layers.Dense(units[1], activation="gelu", name="hidden_2")(x)
    logits = keras.layers.Dense(10, name="logits")(x)
    return keras.Model(image, logits, name="tapered_mlp")


NETWORK = Network(
    name="tapered_mlp",
    title="Tapered MLP (784-64-32-10)",
    description="Two hidden layers that narrow, 64 and 32 GELU units.",
    reference="Common in tutorials; for the activation: D. Hendrycks, K. Gimpel, Gaussian Error Linear Units (2016)",
    build=tapered_mlp,
    recipe=Recipe(epochs=150, learning_rate=6e-3, warp=0.6, synthetic=25_000, outliers=3_000, synthetic_warp=0.3),
    chosen_on=CHOSEN_ON,
)

if __name__ == "__main__":
    import sys

    from builders.cli import main

    sys.exit(main([NETWORK.name, *sys.argv[1:]]))
