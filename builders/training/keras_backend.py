"""Train and save networks with Keras: warped batches, and the same weights for the same seed."""

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from builders.training.augmentation import warp
from builders.training.backend import Backend, Logits
from builders.training.data import OUTLIER_PROBABILITY, TrainingSet
from builders.training.recipe import Network, Recipe
from zoo.card import Card, Layer
from zoo.data.arrays import digest
from zoo.errors import ZooError
from zoo.runtimes import litert, saved_model
from zoo.runtimes.conversion import convert
from zoo.runtimes.saved_model import open_saved_model

_SETTINGS = ("units", "filters", "kernel_size", "padding", "pool_size", "activation", "rate", "scale")
"""What of a layer's configuration stands in ``model.json``."""


class KerasBackend(Backend):
    """A ``keras.Model`` that is being trained."""

    libraries = {"tensorflow": tf.__version__, "keras": keras.__version__}

    def __init__(
        self,
        network: Network,
        training_set: TrainingSet,
        seed: int,
        base_model: keras.Model | None = None,
        teacher: keras.Model | None = None,
    ):
        """Build the network.

        Batch normalisation stays as it is in a base model: the statistics of a few drawings would be those of nothing
        else.
        """
        keras.utils.clear_session()  # so that automatic names, and the checkpoint's key, do not depend on others
        keras.utils.set_random_seed(seed)
        tf.config.experimental.enable_op_determinism()
        self._recipe, self._training_set, self._seed, self._teacher = network.recipe, training_set, seed, teacher
        self._steps = training_set.epoch // network.recipe.batch_size
        self.model = network.build()
        if base_model is not None:
            self.model.set_weights(base_model.get_weights())
            for layer in self.model.layers:
                layer.trainable = not isinstance(layer, keras.layers.BatchNormalization)
        compile_model(self.model, self._recipe, self._steps)
        self._config = {
            "architecture": self.model.to_json(),
            "initial_weights": self.weights_sha256(self.model),
            "teacher": None if teacher is None else self.weights_sha256(teacher),
        }

    def config(self) -> dict:
        """Return what the weights depend on in Keras."""
        return self._config

    def state(self) -> list[np.ndarray]:
        """Return weights, the seeds of dropout, and the optimizer's moments and step."""
        return [np.asarray(variable) for variable in self._variables()]

    def restore(self, state: list[np.ndarray]) -> None:
        """Go on from what ``state`` returned."""
        for variable, value in zip(self._variables(), state, strict=True):
            variable.assign(value)

    def _variables(self) -> list:
        return [*self.model.variables, *self.model.optimizer.variables]

    def learning_rate(self, epoch: int) -> float:
        """Return the learning rate of the last step of an epoch."""
        return float(learning_rates(self._recipe, self._steps)(epoch * self._steps - 1))

    def fit(
        self,
        first_epoch: int,
        validation: tuple[np.ndarray, np.ndarray] | None,
        end_epoch: Callable[[dict[str, float]], None],
    ) -> None:
        """Train to the recipe's last epoch."""

        def on_epoch_end(_: int, logs: dict[str, float]) -> None:
            logs.pop("accuracy", None)  # an outlier has no right answer, and a teacher's answer may be wrong
            end_epoch(logs)

        recipe = self._recipe
        self.model.fit(
            warped_batches(self._training_set, recipe.batch_size, self._seed, first_epoch, self._teacher),
            epochs=recipe.epochs,
            initial_epoch=first_epoch,
            steps_per_epoch=self._steps,
            shuffle=False,  # the batches come shuffled
            validation_data=None if validation is None else (validation[0], tf.one_hot(validation[1], 10)),
            validation_batch_size=1000,
            callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=on_epoch_end)],
            verbose=0,
        )

    @staticmethod
    def logits(model: keras.Model, images: np.ndarray) -> np.ndarray:
        """Return the logits of images, uint8 ``(n, 28, 28)``: float32 ``(n, 10)``."""
        batches = range(0, len(images), 1000)
        return np.concatenate([model(images[i : i + 1000].astype(np.float32), training=False) for i in batches])

    @staticmethod
    def reader(model: keras.Model) -> Logits:
        """Return what reads with `model` itself."""
        return lambda images: model(images, training=False).numpy()

    @staticmethod
    def weights_sha256(model: keras.Model) -> str:
        """Return the hash of the weights."""
        return digest(*(weight.numpy() for weight in model.weights))

    @staticmethod
    def parameters(model: keras.Model) -> int:
        """Return how many parameters `model` has."""
        return model.count_params()

    @staticmethod
    def output_shapes(model: keras.Model) -> dict[str, tuple[int, ...]]:
        """Return the output shape of each layer but the input and dropout."""
        return {layer.name: tuple(layer.output.shape[1:]) for layer in _shown(model)}

    @staticmethod
    def architecture(model: keras.Model) -> tuple[Layer, ...]:
        """Return Keras's class of each layer, the settings that matter, its parameters and its output shape."""
        return tuple(_described(layer) for layer in model.layers)

    @staticmethod
    def save(model: keras.Model, folder: Path) -> None:
        """Write a SavedModel, of a plain ``tf.Module`` as ``Model.export`` stores weights twice; convert it."""
        shown = _shown(model)
        activations = keras.Model(model.input, {layer.name: layer.output for layer in shown})
        image = tf.TensorSpec((None, 28, 28), tf.float32, name="image")
        module = tf.Module()
        module.model_variables = list(model.weights)

        @tf.function(input_signature=[image])
        def layer_outputs(image):
            return activations(image, training=False)

        @tf.function(input_signature=[image])
        def serve(image):
            logits = layer_outputs(image)[shown[-1].name]  # called, not written again: the graph has the network once
            return {"probabilities": tf.nn.softmax(logits), "logits": logits}

        signatures = {"serving_default": serve, "serve": serve, "activations": layer_outputs}
        try:
            tf.saved_model.save(module, str(folder), signatures)
        except tf.errors.OpError as error:  # what the system said of the disk, in TensorFlow's words
            raise ZooError(f"The model cannot be written to {folder.parent}: is the disk full, or gone?") from error
        (folder / litert.FILE_NAME).write_bytes(convert(open_saved_model(folder)))

    @staticmethod
    def saved_readers(model: keras.Model, folder: Path) -> list[Logits]:
        """Return what reads with ``model.tflite``, and with the SavedModel."""
        has_convolutions = any(isinstance(layer, keras.layers.Conv2D) for layer in model.layers)
        light = litert.Runner(folder / litert.FILE_NAME, has_convolutions)
        full = saved_model.Runner(open_saved_model(folder))
        return [lambda images: light.serve(images)[1], lambda images: full.serve(images)[1]]

    @staticmethod
    def restored(network: Network, card: Card) -> tuple[keras.Model, Logits]:
        """Return `network` with the weights of an artifact, and what the artifact's own layer of logits answers."""
        model = network.build()
        loaded = open_saved_model(card.path)
        model.set_weights([variable.numpy() for variable in loaded.model_variables])
        activations = loaded.signatures["activations"]

        def read(images: np.ndarray, _keep=loaded) -> np.ndarray:
            return activations(image=tf.constant(images))[model.layers[-1].name].numpy()

        return model, read


def learning_rates(recipe: Recipe, steps_per_epoch: int) -> keras.optimizers.schedules.LearningRateSchedule:
    """Return the recipe's learning rate as a function of the step: warm-up, then cosine decay to zero."""
    warmup = recipe.warmup_epochs * steps_per_epoch
    return keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0,
        warmup_target=recipe.learning_rate,
        warmup_steps=warmup,
        decay_steps=max(1, recipe.epochs * steps_per_epoch - warmup),
    )


def compile_model(model: keras.Model, recipe: Recipe, steps_per_epoch: int) -> None:
    """Give `model` the recipe's loss, optimizer and learning-rate schedule."""
    optimizer = keras.optimizers.AdamW(learning_rates(recipe, steps_per_epoch), weight_decay=recipe.weight_decay)
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    model.compile(
        optimizer,
        keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=recipe.label_smoothing),
        metrics=["accuracy"],
        # One call into the graph for many steps: for small networks the Python step costs more than the step. Their
        # number divides the epoch, as Keras would make the epoch longer otherwise.
        steps_per_execution=max(n for n in range(1, steps_per_epoch // 10 + 2) if steps_per_epoch % n == 0),
        jit_compile=False,
    )
    optimizer.build(model.trainable_variables)


def warped_batches(
    training_set: TrainingSet, batch_size: int, seed: int, first_epoch: int = 0, teacher: keras.Model | None = None
) -> tf.data.Dataset:
    """Return endless batches, each a pure function of the seed and of its number, so a training can go on anywhere.

    Every epoch visits its images in an order of its own, less the last ``epoch % batch_size`` of that order.

    Returns:
        A data set of (float32 ``(batch_size, 28, 28)``, float32 ``(batch_size, 10)``): the images and the probabilities
        to answer. These are the teacher's for the warped image (distillation: Hinton, Vinyals and Dean 2015); without
        a teacher one-hot for a digit, 0.1 each for an outlier.
    """
    steps_per_epoch = training_set.epoch // batch_size
    images, labels, warps = map(tf.constant, training_set[:3])
    always, in_turn = training_set.in_every_epoch, training_set.in_turn
    pool = max(1, len(training_set.images) - always)
    targets = tf.constant(np.vstack([np.eye(10), np.full(10, OUTLIER_PROBABILITY)]), tf.float32)

    def batch(step: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        epoch, place = step // steps_per_epoch, step % steps_per_epoch
        places = place * batch_size + tf.range(batch_size)
        chosen = tf.random.experimental.index_shuffle(places, [seed, epoch], max_index=training_set.epoch - 1)
        chosen = tf.where(chosen < always, chosen, always + (chosen - always + epoch * in_turn) % pool)
        chosen_images = tf.cast(tf.gather(images, chosen), tf.float32)
        warped = warp(chosen_images, tf.stack([seed, step]), tf.gather(warps, chosen))
        if teacher is not None:
            return warped, tf.nn.softmax(teacher(warped, training=False))
        return warped, tf.gather(targets, tf.cast(tf.gather(labels, chosen), tf.int32))

    steps = tf.data.Dataset.range(first_epoch * steps_per_epoch, np.iinfo(np.int32).max, output_type=tf.int32)
    return steps.map(batch, num_parallel_calls=tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)


def _shown(model: keras.Model) -> list[keras.layers.Layer]:
    hidden = keras.layers.InputLayer | keras.layers.Dropout
    return [layer for layer in model.layers if not isinstance(layer, hidden)]


def _described(layer: keras.layers.Layer) -> Layer:
    kind, inner = type(layer).__name__, getattr(layer, "forward_layer", layer)
    config = inner.get_config()
    return Layer(
        kind if inner is layer else f"{kind} {type(inner).__name__}",
        layer.name,
        {key: config[key] for key in _SETTINGS if key in config and config[key] is not True},
        layer.count_params(),
        tuple(layer.output.shape[1:]),
    )
