"""What several test files share: a made-up MNIST, and a folder of small exported models."""

import contextlib
import gc
import multiprocessing
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest
from filelock import FileLock

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")


@pytest.fixture(scope="session", autouse=True)
def _own_home(tmp_path_factory):
    """Settings and drawings of the person who runs the tests are neither read nor written."""
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("DIGIT_ZOO_CONFIG", "DIGIT_ZOO_DATA_HOME"):
            patch.setenv(variable, str(tmp_path_factory.mktemp(variable.lower())))
        yield


@pytest.fixture(scope="session", autouse=True)
def _unmeasured():
    """Exports do not take a second each for the latency of a model."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("zoo.runtimes.checks.CALLS", 1)
        yield


@pytest.fixture(autouse=True)
def _starts_no_tensorflow(request):
    """What is not marked slow does without TensorFlow in its process: to start it takes longer than most tests."""
    yield
    if sys.modules.get("tensorflow") and request.config.getoption("markexpr") == "not slow":
        pytest.fail("TensorFlow was started here: mark the test slow.")


@pytest.fixture(scope="session")
def made_up_mnist(tmp_path_factory):
    """An .npz in the layout of MNIST whose ten classes are ten noisy patterns, easy to learn: 600 and 100 images."""
    random = np.random.default_rng(0)
    patterns = random.uniform(0, 1, (10, 7, 7)).round().repeat(4, axis=1).repeat(4, axis=2) * 200

    def part(count):
        labels = (np.arange(count) % 10).astype(np.uint8)
        return (patterns[labels] + random.uniform(0, 55, (count, 28, 28))).astype(np.uint8), labels

    (x_train, y_train), (x_test, y_test) = part(600), part(100)
    path = tmp_path_factory.mktemp("data") / "mnist.npz"
    np.savez(path, x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
    return path


def _made_once(tmp_path_factory, name, make):
    """Return a folder that the first of the processes which test side by side has had made, ``make(folder)``."""
    at_once = tmp_path_factory.getbasetemp()
    shared = at_once.parent if "PYTEST_XDIST_WORKER" in os.environ else at_once
    root, unfinished = shared / name, shared / f"{name}.unfinished"
    with FileLock(f"{root}.lock"):
        if not root.exists():
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(root)
    return root


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """A folder with two exported networks that nobody trained: ``small_mlp`` and ``two_conv_cnn``, to be read only."""

    def make(root):
        exporting = multiprocessing.get_context("spawn").Process(target=_export_untrained, args=(root,))
        exporting.start()
        exporting.join()
        assert exporting.exitcode == 0

    return _made_once(tmp_path_factory, "models", make)


def _export_untrained(root):
    from zoo._support.processes import import_tensorflow

    import_tensorflow()
    import keras

    from builders import small_mlp, two_conv_cnn
    from builders.training.export import export

    for module in (small_mlp, two_conv_cnn):
        keras.utils.set_random_seed(7)
        export(module.NETWORK.build(), module.NETWORK, root, metrics={"mnist_test": {"correct": 1, "total": 10}})


@pytest.fixture(scope="session")
def scratch_models(tmp_path_factory):
    """A folder with two exported networks from scratch, untrained: ``scratch_small_mlp``, ``scratch_two_conv_cnn``."""
    from builders import scratch_small_mlp, scratch_two_conv_cnn
    from builders.training.calibration import with_temperature
    from builders.training.export import export

    def make(root):
        metrics = {"mnist_test": {"correct": 1, "total": 10}}
        for module in (scratch_small_mlp, scratch_two_conv_cnn):
            network = with_temperature(module.NETWORK.build().initialise(seed=7), 1.5)
            export(network, module.NETWORK, root, metrics=metrics)

    return _made_once(tmp_path_factory, "scratch_models", make)


@pytest.fixture
def images():
    """Seven made-up grey images, uint8 (7, 28, 28)."""
    return np.random.default_rng(3).integers(0, 256, (7, 28, 28), dtype=np.uint8)


@pytest.fixture(scope="session")  # Tk ends the process when a display goes that it once used
def has_display():
    """Whether there is a display: one that was there, or a virtual one, as where tests run side by side: the keyboard
    is only one's."""
    is_alone = "PYTEST_XDIST_WORKER" not in os.environ
    if sys.platform in ("win32", "darwin") or (os.environ.get("DISPLAY") and is_alone):
        yield True
        return
    if shutil.which("Xvfb") is None:
        yield False
        return
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        os.environ["DISPLAY"] = f":{server.stdout.readline().strip()}"
        yield True
        del os.environ["DISPLAY"]
        server.terminate()


@pytest.fixture(scope="session")
def display(has_display):
    """A display for windows; a test that needs one is skipped where there is none."""
    if not has_display:
        pytest.skip("there is no display for these tests alone, and no Xvfb to make one")


@pytest.fixture(scope="module")
def quick_workers(has_display):
    """Start workers that need not be loaded each time anew; they have the environment of the first, without MNIST.

    It must know the display, whose clipboard workers read.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DIGIT_ZOO_MNIST", "there_is_no_mnist.npz")
        if "forkserver" in multiprocessing.get_all_start_methods():
            context = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload(["gui.worker.process", "tests.gui_support"])
            patch.setattr(multiprocessing, "get_context", lambda _method: context)
        yield


_hands = []  # that which uses the window that is open: a process has one at a time


def _close_windows():
    while _hands:
        _hands.pop().close()


@contextlib.contextmanager
def _windows(folder):
    """Give the function of `open_window`; models and workers find each other's files in the folder."""
    from gui.app import App
    from gui.worker.link import WorkerLink
    from tests.gui_support import LOADER, Hand
    from tests.waiting import PATIENCE
    from zoo import Card

    errors = []

    def open_window(*names, broken_cards=(), learned=True, size="900x600+0+0", **options):
        _close_windows()
        cards = [
            Card(
                name,
                1,
                folder / name,
                f"The {name} model",
                parameters=1234 * (index + 1),
                metadata={"recipe": {"not_digits": int(learned)}},
            )
            for index, name in enumerate(names)
        ]
        cards += [Card(name, 1, folder / name, name, error=f"The card {name} is torn.") for name in broken_cards]
        app = App(cards, WorkerLink(list(names), root=str(folder), loader=LOADER), **options)
        app.report_callback_exception = lambda _kind, error, _trace: errors.append(error)
        if size:
            app.geometry(size)
        app.update()
        _hands.append(Hand(app))
        return _hands[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gui.worker.link.HANG_SECONDS", PATIENCE)  # a busy machine is no hanging model
        yield open_window
        _close_windows()
    if errors:
        raise errors[0]


@pytest.fixture
def open_window(display, quick_workers, tmp_path):
    """Return a function that opens a window on made-up models of these names and gives the hand that uses it.

    There is no MNIST, unless a test puts "mnist.npz" into its folder. An exception in a callback fails the test, and so
    does a worker that outlives its window.
    """
    with _windows(tmp_path) as open_window:
        yield open_window


@pytest.fixture(scope="module")
def window(display, quick_workers, tmp_path_factory):
    """Return a function as `open_window` does, that gives the window of the last test anew where it has these models.

    So it is for tests that leave the window and its worker whole.
    """
    hand = None

    def window(*names):
        nonlocal hand
        if hand is None or not hand.is_open or hand.app.link.names != list(names):
            hand = open_window(*names).ready()
        return hand.begin_anew()

    with _windows(tmp_path_factory.mktemp("window")) as open_window:
        yield window


@pytest.fixture
def no_collection():
    """No collection of garbage: what other tests left of Tk aborts Python when a thread happens to be what frees it."""
    gc.disable()
    yield
    gc.enable()


@pytest.fixture
def no_tensorflow(tmp_path):
    """Return an environment for processes in which, and in whose children, TensorFlow and Keras are not there."""
    folder = tmp_path / "no_tensorflow"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text("import sys\nsys.modules['tensorflow'] = sys.modules['keras'] = None\n")
    return os.environ | {"PYTHONPATH": str(folder)}
