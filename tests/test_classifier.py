"""Loading and asking exported models, from our library and from plain TensorFlow."""

import math
import warnings

import numpy as np
import pytest

import zoo
from zoo import ArtifactError, ImageError


def softmax(logits):
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


@pytest.mark.slow
def test_an_independent_forward_pass_in_numpy_agrees(models, images):
    import tensorflow as tf

    loaded = tf.saved_model.load(str(models / "small_mlp" / "1"))
    hidden_kernel, hidden_bias, logits_kernel, logits_bias = (variable.numpy() for variable in loaded.model_variables)
    hidden = images.reshape(-1, 784) / 255 @ hidden_kernel + hidden_bias
    hidden *= [[(1 + math.erf(value / math.sqrt(2))) / 2 for value in row] for row in hidden]  # GELU
    logits = hidden @ logits_kernel + logits_bias
    prediction = zoo.load("small_mlp", root=models).predict(images)
    np.testing.assert_allclose(prediction.logits, logits, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(prediction.probabilities, softmax(logits), rtol=1e-4, atol=1e-6)
    assert prediction.digits.tolist() == logits.argmax(axis=1).tolist()
    assert prediction.logits.dtype == prediction.probabilities.dtype == np.float32


@pytest.mark.slow
def test_the_contract_holds_in_plain_tensorflow_and_keras(models, images):
    import keras
    import tensorflow as tf

    path = str(models / "two_conv_cnn" / "1")
    batch = images.astype(np.float32)
    expected = zoo.load("two_conv_cnn", root=models).predict(images)
    loaded = tf.saved_model.load(path)
    for signature in ("serve", "serving_default"):
        outputs = loaded.signatures[signature](image=tf.constant(batch))
        assert {name: (output.dtype, output.shape) for name, output in outputs.items()} == {
            "probabilities": (tf.float32, (7, 10)),
            "logits": (tf.float32, (7, 10)),
        }
        np.testing.assert_allclose(outputs["probabilities"], expected.probabilities, rtol=1e-5, atol=1e-6)
    layer = keras.layers.TFSMLayer(path, call_endpoint="serve")
    np.testing.assert_allclose(layer(batch)["logits"], expected.logits, rtol=1e-4, atol=1e-5)


def test_activations_name_every_layer(models, images):
    activations = zoo.load("two_conv_cnn", root=models).activations(images)
    assert {name: values.shape for name, values in activations.items()} == {
        "rescaling": (7, 28, 28),
        "reshape": (7, 28, 28, 1),
        "conv_1": (7, 24, 24, 20),
        "pool_1": (7, 12, 12, 20),
        "conv_2": (7, 8, 8, 40),
        "pool_2": (7, 4, 4, 40),
        "flatten": (7, 640),
        "hidden": (7, 100),
        "logits": (7, 10),
    }
    np.testing.assert_allclose(activations["pool_1"].max(), activations["conv_1"].max())


def test_one_image_a_batch_and_every_dtype_give_the_same_answer(models, images):
    model = zoo.load("two_conv_cnn", root=models)
    batch = model.predict(images)
    np.testing.assert_allclose(model.predict(images[2]).logits, batch.logits[2:3], rtol=1e-4, atol=1e-5)
    for dtype in (np.float32, np.float64, np.int64):
        np.testing.assert_allclose(model.predict(images.astype(dtype)).logits, batch.logits, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (np.zeros((28, 27), np.uint8), r"found \(28, 27\)"),
        (np.zeros((0, 28, 28), np.uint8), r"found \(0, 28, 28\)"),
        (np.zeros((2, 28, 28, 1), np.uint8), r"found \(2, 28, 28, 1\)"),
        (np.full((28, 28), np.nan), "found nan to nan"),
        (np.full((28, 28), 256.0), "found 256 to 256"),
        (np.full((28, 28), -1), "found -1 to -1"),
        (np.full((28, 28), "x"), "found dtype <U1"),
    ],
)
def test_bad_images_are_refused_in_one_sentence(models, bad, sentence):
    with pytest.raises(ImageError, match=sentence):
        zoo.load("small_mlp", root=models).predict(bad)


def test_images_in_0_to_1_are_warned_of(models):
    with pytest.warns(UserWarning, match="multiply 0..1 by 255"):
        zoo.load("small_mlp", root=models).predict(np.full((28, 28), 0.5))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        zoo.load("small_mlp", root=models).predict(np.zeros((28, 28)))  # blank is no mistake of scale


@pytest.mark.slow
def test_a_whole_artifact_that_tensorflow_cannot_use_is_explained(tmp_path):
    from tests.test_artifacts import METADATA, write_files
    from zoo import artifacts

    artifacts.publish(tmp_path, "foreign", METADATA, write_files, lambda folder: None)
    with pytest.raises(ArtifactError, match="Expected a SavedModel in .*foreign") as error:
        zoo.load("foreign", root=tmp_path, runtime="tensorflow")
    with pytest.raises(ArtifactError, match=r"no model.tflite.*python -m zoo add .*foreign/1"):
        zoo.load("foreign", root=tmp_path)
    assert "\n" not in str(error.value)
    artifacts.publish(tmp_path, "newer", METADATA | {"runtime": "abacus"}, write_files, lambda folder: None)
    with pytest.raises(ArtifactError, match="runs on 'abacus'.*update the library"):
        zoo.load("newer", root=tmp_path)
