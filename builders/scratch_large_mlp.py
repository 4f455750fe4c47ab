"""Large MLP from scratch, 784-800-800-10: two wide hidden layers, in NumPy alone."""

from builders.training.recipe import CHOSEN_ON, Network, ScratchRecipe


def scratch_large_mlp(units: int = 800, dropout: float = 0.0):
    """Two hidden layers of ReLU units, each under dropout where a rate, 0..1, is given.

    With it belongs a limit to the weights, the recipe's ``max_norm``: 0.5 and 2 in "Dropout" (Srivastava et al. 2014),
    appendix B.1. Against warped images and new drawings in every epoch neither is needed.
    """
    from zoo.scratch import Dense, Dropout, Flatten, Rescaling, Sequential

    layers = [Rescaling(1 / 255, name="rescaling"), Flatten(name="flatten")]
    for number in (1, 2):
        layers.append(Dense(units, activation="relu", initialiser="he_normal", name=f"hidden_{number}"))
        if dropout:
            layers.append(Dropout(dropout, name=f"dropout_{number}"))
    return Sequential([*layers, Dense(10, name="logits")])


NETWORK = Network(
    name="scratch_large_mlp",
    title="Large MLP from scratch (784-800-800-10)",
    description="Two hidden layers of 800 ReLU units, trained and run by NumPy alone.",
    reference="P. Simard, D. Steinkraus, J. Platt, Best Practices for Convolutional Neural Networks (ICDAR 2003)",
    build=scratch_large_mlp,
    recipe=ScratchRecipe(
        epochs=80,
        learning_rate=0.2,
        label_smoothing=0.05,
        warp=1.0,
        synthetic=20_000,
        outliers=5_000,
        synthetic_warp=0.55,
    ),
    library="numpy",
    chosen_on=CHOSEN_ON,
)

if __name__ == "__main__":
    import sys

    from builders.cli import main

    sys.exit(main([NETWORK.name, *sys.argv[1:]]))
