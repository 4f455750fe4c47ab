"""The outputs of the layers of a model, and occlusion maps."""

from types import SimpleNamespace

import numpy as np
import pytest

import zoo
from zoo.explanation import layer_outputs, occlusion_map


def with_outputs(shapes):
    """A model whose layers have made-up outputs of these shapes, and that knows nothing else."""
    random = np.random.default_rng(1)
    answers = {name: random.normal(size=(1, *shape)).astype(np.float32) for name, shape in shapes.items()}
    return SimpleNamespace(activations=lambda image: answers)


def with_logits(score):
    """A model whose logits are ``score(images)`` for the first digits and 0 for the others; it counts its batches."""
    model = SimpleNamespace(batches=[])

    def predict(images):
        model.batches.append(len(images))
        scores = np.stack(score(np.asarray(images, np.float32)), axis=1)
        return SimpleNamespace(logits=np.pad(scores, ((0, 0), (0, 10 - scores.shape[1]))))

    model.predict = predict
    return model


def described(layers):
    return [(layer.name, layer.title, layer.kind, layer.values.shape) for layer in layers]


CONVOLUTIONS = [
    ("conv_1", "Convolution 1: 20 feature maps of 24 × 24", "feature maps", (20, 24, 24)),
    ("pool_1", "Pooling 1: 20 feature maps of 12 × 12", "feature maps", (20, 12, 12)),
    ("conv_2", "Convolution 2: 40 feature maps of 8 × 8", "feature maps", (40, 8, 8)),
    ("pool_2", "Pooling 2: 40 feature maps of 4 × 4", "feature maps", (40, 4, 4)),
    ("hidden", "Hidden layer: 100 units", "units", (100,)),
    ("logits", "Output logits (mean-centred)", "digits", (10,)),
]


@pytest.mark.parametrize("runtime", ["models", "scratch_models"])
def test_layers_of_both_runtimes(runtime, images, request):
    root = request.getfixturevalue(runtime)
    prefix = "scratch_" if runtime == "scratch_models" else ""
    model = zoo.load(f"{prefix}two_conv_cnn", root=root)
    layers = layer_outputs(model, images[0])
    assert described(layers) == CONVOLUTIONS
    answers = model.activations(images[0])
    np.testing.assert_array_equal(layers[0].values[7], answers["conv_1"][0, :, :, 7])
    np.testing.assert_array_equal(layers[4].values, answers["hidden"][0])
    assert described(layer_outputs(zoo.load(f"{prefix}small_mlp", root=root), images[0])) == [
        ("hidden", "Hidden layer: 30 units", "units", (30,)),
        ("logits", "Output logits (mean-centred)", "digits", (10,)),
    ]


def test_layers_of_a_foreign_artifact():
    shapes = {
        "my_rescaling": (28, 28),
        "lstm": (28, 28),
        "bidirectional": (28, 96),
        "dropout_3": (28, 96),
        "permute": (96, 28),
        "expand": (96, 28, 1),
        "Conv2D": (5, 7, 3),
        "odd_one": (5, 7, 3),
        "flat": (105,),
        "dense_7": (10,),
        "counter": (),
        "video": (2, 2, 2, 2),
        "softmax": (10,),
    }
    assert described(layer_outputs(with_outputs(shapes), None)) == [
        ("lstm", "Recurrent layer 1: 28 units over 28 rows", "rows", (28, 28)),
        ("bidirectional", "Recurrent layer 2: 96 units over 28 rows", "rows", (28, 96)),
        ("Conv2D", "Convolution: 3 feature maps of 5 × 7", "feature maps", (3, 5, 7)),
        ("odd_one", "Odd one: 3 feature maps of 5 × 7", "feature maps", (3, 5, 7)),
        ("dense_7", "Hidden layer: 10 units", "units", (10,)),
        ("softmax", "Output logits (mean-centred)", "digits", (10,)),
    ]
    assert layer_outputs(with_outputs({}), None) == []


@pytest.mark.parametrize("card", zoo.list_models(), ids=lambda card: card.name)
def test_every_shipped_model_has_a_small_explanation_in_words_and_pictures(card):
    layers = layer_outputs(with_outputs(card.metadata["layers"]), None)
    assert layers[-1].kind == "digits"
    assert len({layer.title for layer in layers}) == len(layers)
    assert not {"rescaling", "reshape", "flatten", "calibrated_logits"} & {layer.name for layer in layers}
    assert sum(layer.values.nbytes for layer in layers) < 300_000  # little to send to the window


def test_the_occlusion_map_finds_the_ink_that_counts():
    def halves(images):
        return images[:, :14].sum((1, 2)) / 255, images[:, 14:].sum((1, 2)) / 255

    image = np.zeros((28, 28), np.uint8)
    image[4:24, 13:15] = 255
    model = with_logits(halves)
    map_of_0, map_of_1 = occlusion_map(model, image)[:2]
    assert map_of_0.dtype == np.float32
    assert map_of_0.shape == (28, 28)
    assert map_of_0[4:10, 13:15].min() > 1
    assert map_of_0[18:24, 13:15].max() < -1
    np.testing.assert_allclose(map_of_1, map_of_0[::-1], atol=1e-4)
    np.testing.assert_allclose(map_of_0, map_of_0[:, ::-1], atol=1e-4)
    assert not map_of_0[:, :7].any()  # no ink nearby
    assert len(model.batches) == 1  # one question for all digits
    assert max(model.batches) < 100


def test_the_occlusion_map_is_the_fall_of_the_log_odds():
    seen = occlusion_map(with_logits(lambda images: (images.sum((1, 2)) / 255 * 0.1,)), np.full((28, 28), 255.0))[0]
    np.testing.assert_allclose(seen[4:24, 4:24], 0.1 * 3.5**2, rtol=0.01)  # so many pixels of ink go


def test_the_occlusion_map_of_a_blank_image_is_zero_and_asks_nothing():
    model = with_logits(lambda images: (images.sum((1, 2)),))
    assert not occlusion_map(model, np.zeros((28, 28), np.uint8)).any()
    assert model.batches == []


def test_what_closes_the_loop_of_a_9_speaks_for_9_and_against_4():
    model = zoo.load("scratch_two_conv_cnn")
    lid = [np.array([(3, 1), (7, 1)], float)]
    four = [np.array([(3, 1), (2, 5), (7, 5)], float), np.array([(7, 1), (7, 5), (6.5, 10)], float)]
    nine = zoo.image_from_strokes(four + lid)
    assert model.predict(zoo.image_from_strokes(four)).digits.tolist() == [4]
    assert model.predict(nine).digits.tolist() == [9]
    ink = nine > 128
    for digit, sign in ((9, 1), (4, -1)):
        seen = sign * occlusion_map(model, nine)[digit]
        assert seen[:8][ink[:8]].mean() > 1
        assert seen[:8][ink[:8]].mean() > seen[16:][ink[16:]].mean() + 1
