"""Studies of hyperparameters in a database: opened by many workers, of which any may die, and finished exactly once.

Optuna creates trials one after the other and changes the state of one at a time, each in a transaction, and its
heartbeats tell whose worker has died. What it does not promise is how many trials are finished when several workers
count at once, nor that a dead worker's trial comes back if a second one dies as it puts it there. Both follow here from
one rule on the list of all trials, see `attempts`: whatever was added twice, every worker runs the same ones.
"""

import contextlib
import hashlib
import random
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from zoo.errors import ZooError

if TYPE_CHECKING:
    import optuna

Attempts = dict[int, dict[int, "optuna.trial.FrozenTrial"]]

SILENCE = 3  # heartbeats; a worker from which so many fail to come is taken for dead
ATTEMPTS = 3  # that may fail without a further epoch
INTERRUPTED = "interrupted"  # the note of an attempt that a user ended


@contextlib.contextmanager
def open_storage(url: str, heartbeat: int) -> Iterator["optuna.storages.RDBStorage"]:
    """Open the database of studies at `url`, made if need be.

    Args:
        url: as SQLAlchemy takes it, with a file or a server.
        heartbeat: seconds between two signs of life of a worker.

    Raises:
        ZooError: it is no such URL, its driver is missing, or the database cannot be reached.
    """
    import sqlalchemy
    from optuna.exceptions import StorageInternalError
    from optuna.storages import RDBStorage
    from sqlalchemy import exc

    class Storage(RDBStorage):
        def record_heartbeat(self, trial_id: int) -> None:
            with contextlib.suppress(StorageInternalError):  # a database that is away for a moment gets the next one
                super().record_heartbeat(trial_id)

    sqlite, shown = is_sqlite(url), without_password(url)
    if sqlite:
        Path(sqlalchemy.make_url(url).database or "").absolute().parent.mkdir(parents=True, exist_ok=True)
    settings = {"connect_args": {"timeout": 60}} if sqlite else {"pool_pre_ping": True}
    for last in (*[False] * 20, True):
        try:
            with without_experimental_warnings():
                storage = Storage(
                    url, settings, heartbeat_interval=heartbeat, grace_period=SILENCE * heartbeat
                )  # without a failed-trial callback: see `settle`
            break
        except exc.ArgumentError as error:
            raise ZooError(f"{shown} names no database that SQLAlchemy knows ({error}): see {_EXAMPLES}.") from None
        except ImportError as error:
            module = getattr(error.__cause__ or error.__context__ or error, "name", None) or "its module"
            hint = "'psycopg[binary]>=3.2,<4'" if module == "psycopg" else module
            raise ZooError(f"{shown} needs a driver that is not installed: pip install {hint}.") from None
        except exc.SQLAlchemyError as error:
            # Two workers that come first make the same tables: one is refused, and finds them the next time.
            if last or not ("exist" in str(error) or isinstance(error, exc.IntegrityError)):
                reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
                raise ZooError(f"The database {shown} cannot be used ({reason}): is it there, and running?") from None
            time.sleep(random.uniform(0.05, 0.3))
    if sqlite:  # Left to itself it lets two workers read that a trial waits, and then both take it.
        storage.engine.dispose()
        sqlalchemy.event.listen(storage.engine, "connect", lambda connection, _: _no_implicit_begin(connection))
        sqlalchemy.event.listen(storage.engine, "begin", lambda connection: connection.exec_driver_sql(_BEGIN))
    try:
        yield storage
    finally:
        storage.remove_session()
        storage.engine.dispose()


_BEGIN = "BEGIN IMMEDIATE"  # holds off other writers before the transaction reads what it is about to change
_EXAMPLES = "sqlite:///search.db and postgresql+psycopg://USER:PASSWORD@HOST/DATABASE for examples"


def _no_implicit_begin(connection) -> None:
    connection.isolation_level = None


def is_sqlite(url: str) -> bool:
    """Tell a file of SQLite from a server; raise a ZooError for what is no URL, or no file."""
    import sqlalchemy

    try:
        parsed = sqlalchemy.make_url(url)
    except sqlalchemy.exc.ArgumentError:
        raise ZooError(f"{url!r} is no URL of a database: see {_EXAMPLES}.") from None
    if parsed.get_backend_name() != "sqlite":
        return False
    if parsed.database in (None, "", ":memory:"):
        raise ZooError(f"{url!r} names no file, and a study in memory cannot go on later: see {_EXAMPLES}.")
    return True


def without_password(url: str) -> str:
    """Return the URL as it may be shown."""
    import sqlalchemy

    return sqlalchemy.make_url(url).render_as_string(hide_password=True)


def database_id(url: str) -> str:
    """Return eight hex digits that tell a database from any other, wherever its URL is given."""
    import sqlalchemy

    sqlite, parsed = is_sqlite(url), sqlalchemy.make_url(url)
    if sqlite:
        parsed = parsed.set(database=str(Path(parsed.database or "").resolve()))
    return hashlib.sha256(parsed.render_as_string(hide_password=True).encode()).hexdigest()[:8]


@contextlib.contextmanager
def without_experimental_warnings() -> Iterator[None]:
    """Use what Optuna may still change: heartbeats (since 2.9) and its pictures in matplotlib (since 2.2)."""
    import optuna

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        yield


def repeatable_sampler(seed: int) -> "optuna.samplers.TPESampler":
    """Return a sampler whose randomness depends on the seed and on the number of the trial.

    One seed in several workers would have all of them try the same values.
    """
    import numpy as np
    import optuna

    class Sampler(optuna.samplers.TPESampler):
        def before_trial(self, study, trial) -> None:
            super().__init__(seed=int(np.random.SeedSequence([seed, trial.number]).generate_state(1)[0]))

    return Sampler(seed=seed)


def attempts(trials: list["optuna.trial.FrozenTrial"], wanted: int) -> Attempts:
    """Return the attempts that count, by the number of the trial first made and then by their own number from 1.

    The first `wanted` trials by number are the study's. One that its worker left unfinished is tried again by another
    trial, which names it in ``retry_of`` and its own number in ``attempt``; of several with the same, the first
    counts. All that decides this is written as a trial is created, and trials are created in the order of their
    numbers: what a worker finds of a trial, every other finds as well, at any later time.
    """
    found: Attempts = {}
    for trial in sorted(trials, key=lambda trial: trial.number):
        first = trial.user_attrs.get("retry_of")
        if first is None and len(found) < wanted:
            found[trial.number] = {1: trial}
        elif first in found:
            found[first].setdefault(trial.user_attrs["attempt"], trial)
    return found


def counts(number: int, trials: list["optuna.trial.FrozenTrial"], wanted: int) -> bool:
    """Tell whether the trial of this number is to be run; otherwise another worker has the same, or it is too many."""
    return any(trial.number == number for tried in attempts(trials, wanted).values() for trial in tried.values())


def finished(trials: list["optuna.trial.FrozenTrial"], wanted: int) -> int:
    """Return how many of the wanted trials are complete, pruned or given up."""
    from optuna.trial import TrialState

    ends = (TrialState.COMPLETE, TrialState.PRUNED)
    return sum(
        any(trial.state in ends for trial in tried.values()) or is_given_up(tried)
        for tried in attempts(trials, wanted).values()
    )


def is_given_up(tried: dict[int, "optuna.trial.FrozenTrial"]) -> bool:
    """Tell whether a trial's last `ATTEMPTS` attempts failed and came no further than one before; no user ended them.

    Such a trial would end every worker, and the search never.

    Args:
        tried: the trial's attempts, by their number.
    """
    from optuna.trial import TrialState

    if tried[max(tried)].state != TrialState.FAIL:
        return False
    told = [tried[attempt] for attempt in sorted(tried)]
    epochs = [trial.last_step or 0 for trial in told if trial.user_attrs.get("note") != INTERRUPTED]
    return bool(epochs) and len(epochs) - epochs.index(max(epochs)) >= ATTEMPTS


def given_up(trials: list["optuna.trial.FrozenTrial"]) -> list[int]:
    """Return the numbers of the trials that are given up."""
    return [first for first, tried in attempts(trials, len(trials)).items() if is_given_up(tried)]


def settle(study: "optuna.Study", storage: "optuna.storages.RDBStorage", wanted: int) -> None:
    """Put the trials of dead workers back into the queue, with the same parameters, unless they are to be given up.

    It is done as often as wanted, by any worker: what another left half done is found again.
    """
    import optuna
    import sqlalchemy
    from optuna.trial import TrialState

    running = study.get_trials(deepcopy=False, states=(TrialState.RUNNING,))
    with storage.engine.connect() as connection:
        heard = set(connection.scalars(sqlalchemy.text("SELECT trial_id FROM trial_heartbeats")))
    for trial in running:
        if trial._trial_id not in heard:  # its worker may have died before its first: silence counts from here
            storage.record_heartbeat(trial._trial_id)
    with without_experimental_warnings():
        optuna.storages.fail_stale_trials(study)
    for first, tried in attempts(study.get_trials(deepcopy=False), wanted).items():
        last = max(tried)
        if tried[last].state == TrialState.FAIL and not is_given_up(tried):
            values = {**tried[last].system_attrs.get("fixed_params", {}), **tried[last].params}
            study.enqueue_trial(values, user_attrs={"retry_of": first, "attempt": last + 1})
