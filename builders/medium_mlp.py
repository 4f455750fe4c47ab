"""Medium MLP, 784-128-10: one hidden layer of 128 units."""

from builders.training.recipe import CHOSEN_ON, Network, Recipe


def medium_mlp(units: int = 128):
    """One hidden layer of GELU units."""
    import keras

    image = keras.Input((28, 28), name="image")
    x = keras.layers.Rescaling(1 / 255, name="rescaling")(image)
    x = keras.layers.Flatten(name="flatten")(x)
    x = keras.layers.Dense(units, activation="gelu", name="hidden")(x)
    logits = keras.layers.Dense(10, name="logits")(x)
    return keras.Model(image, logits, name="medium_mlp")


def space(trial) -> dict:
    """Return what a search may change: the speed of learning, and how hard the images are made."""
    return {
        "learning_rate": trial.suggest_float("learning_rate", 1e-3, 2e-2, log=True),
        "weight_decay": trial.suggest_float("weight_decay", 1e-4, 1e-1, log=True),
        "warp": trial.suggest_float("warp", 0.3, 1.2),
        "synthetic_warp": trial.suggest_float("synthetic_warp", 0.1, 0.7),
    }


NETWORK = Network(
    name="medium_mlp",
    title="Medium MLP (784-128-10)",
    description="One hidden layer of 128 GELU units: four times as many as the small MLP.",
    reference="M. A. Nielsen, Neural Networks and Deep Learning (2015), chapters 1 and 3",
    build=medium_mlp,
    recipe=Recipe(epochs=90, learning_rate=4e-3, warp=0.7, synthetic=25_000, outliers=4_000, synthetic_warp=0.35),
    chosen_on=CHOSEN_ON,
    space=space,
)

if __name__ == "__main__":
    import sys

    from builders.cli import main

    sys.exit(main([NETWORK.name, *sys.argv[1:]]))
