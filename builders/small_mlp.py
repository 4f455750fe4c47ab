"""Small MLP, 784-30-10: one hidden layer of 30 units."""

from builders.training.recipe import CHOSEN_ON, Network, Recipe


def small_mlp(units: int = 30):
    """One hidden layer between the 784 pixels and the ten logits.

    GELU (Hendrycks and Gimpel 2016): of thirty ReLU units one that dies in training costs a third of a point.
    """
    import keras

    image = keras.Input((28, 28), name="image")
    x = keras.layers.Rescaling(1 / 255, name="rescaling")(image)
    x = keras.layers.Flatten(name="flatten")(x)
    x = keras.layers.Dense(units, activation="gelu", name="hidden")(x)
    logits = keras.layers.Dense(10, name="logits")(x)
    return keras.Model(image, logits, name="small_mlp")


def space(trial) -> dict:
    """Return what a search may change: with so few units, above all how hard the images are made."""
    return {
        "learning_rate": trial.suggest_float("learning_rate", 2e-3, 3e-2, log=True),
        "batch_size": trial.suggest_categorical("batch_size", [64, 128, 256]),
        "warp": trial.suggest_float("warp", 0.2, 1.0),
        "synthetic_warp": trial.suggest_float("synthetic_warp", 0.1, 0.6),
    }


NETWORK = Network(
    name="small_mlp",
    title="Small MLP (784-30-10)",
    description="One hidden layer of 30 GELU units: the smallest network that reads digits well.",
    reference="M. A. Nielsen, Neural Networks and Deep Learning (2015), chapters 1 and 3",
    build=small_mlp,
    # Thirty units have no room for outliers: 1,500 an epoch cost half a point of strangers' drawings.
    recipe=Recipe(epochs=160, learning_rate=8e-3, warp=0.5, synthetic=30_000, synthetic_warp=0.25),
    chosen_on=CHOSEN_ON,
    space=space,
)

if __name__ == "__main__":
    import sys

    from builders.cli import main

    sys.exit(main([NETWORK.name, *sys.argv[1:]]))
