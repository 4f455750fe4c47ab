"""What a builder file declares: a network and the recipe that trains it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zoo.errors import ZooError

if TYPE_CHECKING:
    import optuna


@dataclass(frozen=True)
class Recipe:
    """How a network is trained: AdamW on softmax cross-entropy, warm-up then cosine decay to zero, warped images.

    An epoch visits every image of MNIST once, and beside `synthetic` digits and `outliers`.
    """

    epochs: int
    batch_size: int = 128
    learning_rate: float = 2e-3  # at its peak
    warmup_epochs: int = 2
    weight_decay: float = 1e-2  # of all but biases, AdamW's (decoupled from the gradient)
    label_smoothing: float = 0.0
    warp: float = 1.0  # strength of the random warps of MNIST's images, see builders/training/augmentation.py
    synthetic: int = 0  # synthetic digits (zoo/synthetic/digits/), learned beside MNIST's images
    outliers: int = 0  # synthetic outliers (zoo/synthetic/outliers/), to be doubted
    teacher: str = ""  # a network of builders/ whose probabilities are learned instead of the labels (distillation)
    synthetic_warp: float = 0.5  # weaker than for MNIST: under the full warp the long flag of a 1 becomes that of a 7


@dataclass(frozen=True)
class ScratchRecipe(Recipe):
    """How a network from scratch is trained: as by `Recipe`, with stochastic gradient descent in place of AdamW.

    Its momentum is Nesterov's; there is no teacher.
    """

    learning_rate: float = 0.1
    weight_decay: float = 1e-4
    momentum: float = 0.9
    max_norm: float = 0.0  # the longest that the weights of a unit may be, as a vector; 0: no limit

    def __post_init__(self):
        if self.teacher:
            raise ZooError(
                f"Networks in NumPy learn from labels, and this recipe has the teacher {self.teacher!r}: remove it."
            )


CHOSEN_ON = (
    "the last 10,000 MNIST training images, which trials do not train on, and as further validation sets, which "
    "nothing trains on, 7,494 digits that 30 people drew on a tablet (UCI Pen-Based Recognition of Handwritten "
    "Digits), and of UNIPEN train_r01_v07 7,450 digits by 109 writers and 10,890 letters and symbols by 201; but how "
    "many synthetic digits an epoch has was decided with MNIST test scores of three networks in view (two-conv CNN, "
    "large MLP, four-conv CNN), and the number of epochs by the time there was, of eight (tapered MLP, large MLP "
    "from scratch, row RNN, row GRU, row LSTM, row bidirectional LSTM, batch-norm CNN, four-conv CNN) with the MNIST "
    "test scores of a shorter training in view"
)
"""What the recipes of the released networks were chosen on."""


@dataclass(frozen=True)
class Network:
    """One network of the zoo.

    ``build()`` returns a ``keras.Model`` from ``image``, float32 ``(n, 28, 28)`` in 0..255, to ``logits``, float32
    ``(n, 10)``; the export adds the softmax. Where `library` is "numpy" it returns a ``zoo.scratch.Sequential`` that
    takes and answers the same, and the recipe is a `ScratchRecipe`.
    """

    name: str  # identifier: the folder in saved_models/
    title: str  # for people: the line in the dropdown
    description: str
    reference: str
    build: Callable[..., Any]  # see above
    recipe: Recipe
    chosen_on: str = ""  # the data by which the recipe was chosen, for model.json
    library: str = "keras"  # or "numpy": what builds, trains and runs it
    space: "Callable[[optuna.trial.BaseTrial], dict] | None" = None  # what a search may change: builders/search/
