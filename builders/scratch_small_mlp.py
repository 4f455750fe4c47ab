"""Small MLP from scratch, 784-30-10: Nielsen's first network, in NumPy alone."""

from builders.training.recipe import CHOSEN_ON, Network, ScratchRecipe


def scratch_small_mlp(units: int = 30):
    """One hidden layer of GELU units between the 784 pixels and the ten logits."""
    from zoo.scratch import Dense, Flatten, Rescaling, Sequential

    return Sequential(
        [
            Rescaling(1 / 255, name="rescaling"),
            Flatten(name="flatten"),
            Dense(units, activation="gelu_tanh", name="hidden"),
            Dense(10, name="logits"),
        ]
    )


NETWORK = Network(
    name="scratch_small_mlp",
    title="Small MLP from scratch (784-30-10)",
    description="One hidden layer of 30 GELU units, trained and run by NumPy alone.",
    reference="M. A. Nielsen, Neural Networks and Deep Learning (2015), chapters 1 and 3",
    build=scratch_small_mlp,
    recipe=ScratchRecipe(epochs=110, learning_rate=0.25, warp=0.5, synthetic=30_000, synthetic_warp=0.25),
    library="numpy",
    chosen_on=CHOSEN_ON,
)

if __name__ == "__main__":
    import sys

    from builders.cli import main

    sys.exit(main([NETWORK.name, *sys.argv[1:]]))
