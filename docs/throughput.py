"""Training throughput of our networks beside the same networks in PyTorch, on this machine, in one run.

    pip install torch==2.13.0
    python docs/throughput.py [--turns 5] [--threads 2] [NAME ...]

Both train the same network on the same made-up images with softmax cross-entropy, AdamW and batches of 128 in a new
random order, without warps, so that only the networks' own work is timed. They take turns, each turn a process of its
own, so that a busy machine slows both alike; the figure is the median of the turns, in images a second. Ours run as
`python -m builders` runs them, PyTorch as its tutorials do, with its fused AdamW.
"""

import argparse
import importlib
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))
NAMES = ["small_mlp", "large_mlp", "two_conv_cnn"]
BATCH, STEPS, WARM = 128, {"small_mlp": 2000, "large_mlp": 250, "two_conv_cnn": 200}, 20


def data() -> tuple[np.ndarray, np.ndarray]:
    """Made-up images, uint8 (12800, 28, 28), and labels."""
    random = np.random.default_rng(0)
    return random.integers(0, 256, (12_800, 28, 28), dtype=np.uint8), random.integers(0, 10, 12_800)


def ours(name: str, threads: int) -> float:
    """Train as builders/training/keras_backend.py does; return images a second."""
    os.environ.update(TF_NUM_INTRAOP_THREADS=str(threads), TF_NUM_INTEROP_THREADS=str(threads))
    from zoo._support.processes import import_tensorflow

    import_tensorflow()
    import tensorflow as tf

    from builders.training.keras_backend import compile_model

    tf.config.experimental.enable_op_determinism()  # as a training does, so that it can be repeated
    tf.keras.utils.set_random_seed(1)
    network = importlib.import_module(f"builders.{name}").NETWORK
    images, labels = data()
    images, answers = tf.constant(images), tf.one_hot(labels, 10)
    model = network.build()
    compile_model(model, network.recipe, STEPS[name])

    def batch(step):
        steps = len(images) // BATCH
        places = step % steps * BATCH + tf.range(BATCH)
        chosen = tf.random.experimental.index_shuffle(places, [1, step // steps], max_index=len(images) - 1)
        return tf.cast(tf.gather(images, chosen), tf.float32), tf.gather(answers, chosen)

    batches = tf.data.Dataset.range(10**9, output_type=tf.int32)
    batches = batches.map(batch, num_parallel_calls=tf.data.AUTOTUNE).prefetch(tf.data.AUTOTUNE)
    model.fit(batches, steps_per_epoch=STEPS[name], shuffle=False, verbose=0)
    start = time.perf_counter()
    model.fit(batches, steps_per_epoch=STEPS[name], shuffle=False, verbose=0)
    return STEPS[name] * BATCH / (time.perf_counter() - start)


def pytorch(name: str, threads: int) -> float:
    """Train the same network in PyTorch; return images a second."""
    import torch
    from torch import nn

    torch.set_num_threads(threads)
    torch.manual_seed(1)
    network = {
        "small_mlp": lambda: nn.Sequential(nn.Flatten(), nn.Linear(784, 30), nn.GELU(), nn.Linear(30, 10)),
        "large_mlp": lambda: nn.Sequential(
            nn.Flatten(), nn.Linear(784, 800), nn.ReLU(), nn.Linear(800, 800), nn.ReLU(), nn.Linear(800, 10)
        ),
        "two_conv_cnn": lambda: nn.Sequential(
            nn.Unflatten(1, (1, 28)),
            *(nn.Conv2d(1, 20, 5), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Conv2d(20, 40, 5), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Flatten(), nn.Linear(640, 100), nn.ReLU(), nn.Linear(100, 10)),
        ),
    }[name]()
    images, labels = map(torch.from_numpy, data())
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=1e-2, fused=True)
    loss_of = nn.CrossEntropyLoss()

    def train(steps: int) -> None:
        done = 0
        while done < steps:
            order = torch.randperm(len(images))
            for chosen in order.split(BATCH)[: steps - done]:
                optimizer.zero_grad(set_to_none=True)
                loss_of(network(images[chosen].float() / 255), labels[chosen]).backward()
                optimizer.step()
                done += 1

    train(WARM)
    start = time.perf_counter()
    train(STEPS[name])
    return STEPS[name] * BATCH / (time.perf_counter() - start)


def main() -> None:
    """Take turns, and print a row a network."""
    parser = argparse.ArgumentParser(description="Training throughput beside PyTorch.")
    parser.add_argument("names", nargs="*", metavar="NAME", default=NAMES, help=f"of {', '.join(NAMES)}")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--pytorch", default=sys.executable, metavar="PYTHON", help="an interpreter that has torch")
    parser.add_argument("--one", choices=["ours", "pytorch"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if unknown := set(options.names) - set(NAMES):
        parser.error(f"no {min(unknown)} here: there are {', '.join(NAMES)}")
    if options.one:
        print(globals()[options.one](options.names[0], options.threads))
        return

    def turn(way: str, name: str) -> float:
        python = sys.executable if way == "ours" else options.pytorch
        command = [python, __file__, name, "--one", way, "--threads", str(options.threads)]
        return float(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split()[-1])

    print(f"images a second, {options.threads} threads, median of {options.turns} turns (lowest to highest)")
    for name in options.names:
        turns = [(turn("ours", name), turn("pytorch", name)) for _ in range(options.turns)]
        columns = [
            f"{statistics.median(rates):9,.0f} ({min(rates):,.0f} to {max(rates):,.0f})"
            for rates in zip(*turns, strict=True)
        ]
        ratio = statistics.median(ours / pytorch for ours, pytorch in turns)
        print(f"{name:14} ours {columns[0]:32} PyTorch {columns[1]:32} ratio {ratio:.2f}", flush=True)


if __name__ == "__main__":
    main()
