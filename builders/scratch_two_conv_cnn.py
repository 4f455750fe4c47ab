"""Two-conv CNN from scratch: two 5x5 convolutions of 20 and 40 filters, then 100 hidden units, in NumPy alone."""

from builders.training.recipe import CHOSEN_ON, Network, ScratchRecipe


def scratch_two_conv_cnn(filters: tuple[int, int] = (20, 40), units: int = 100):
    """Two convolutions with max pooling, then one hidden layer, of ReLU units all."""
    from zoo.scratch import Convolution, Dense, Flatten, MaxPooling, Rescaling, Reshape, Sequential

    return Sequential(
        [
            Rescaling(1 / 255, name="rescaling"),
            Reshape((28, 28, 1), name="reshape"),
            Convolution(filters[0], 5, activation="relu", name="conv_1"),
            MaxPooling(name="pool_1"),
            Convolution(filters[1], 5, activation="relu", name="conv_2"),
            MaxPooling(name="pool_2"),
            Flatten(name="flatten"),
            Dense(units, activation="relu", initialiser="he_normal", name="hidden"),
            Dense(10, name="logits"),
        ]
    )


NETWORK = Network(
    name="scratch_two_conv_cnn",
    title="Two-conv CNN from scratch (20-40-100)",
    description="Two 5x5 convolutions of 20 and 40 filters with max pooling, trained and run by NumPy alone.",
    reference="M. A. Nielsen, Neural Networks and Deep Learning (2015), chapter 6",
    build=scratch_two_conv_cnn,
    recipe=ScratchRecipe(
        epochs=32,
        learning_rate=0.3,
        label_smoothing=0.05,
        warp=0.6,
        synthetic=20_000,
        outliers=5_000,
        synthetic_warp=0.4,
    ),
    library="numpy",
    chosen_on=CHOSEN_ON,
)

if __name__ == "__main__":
    import sys

    from builders.cli import main

    sys.exit(main([NETWORK.name, *sys.argv[1:]]))
