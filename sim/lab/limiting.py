"""Floor and ceilings of a study in a folder: made and stored with its runs, or read again."""

from collections.abc import Callable

from sim.lab.achieved import Achieved, achieved_on, runs_of_limits
from sim.lab.ledger import Ledger
from sim.lab.places import place_of
from sim.lab.study import Study
from sim.lab.trials import Kept, Stored
from sim.lock import alone_in


def run_limits(
    study: Study,
    workers: int = -1,
    cluster: str | None = None,
    retry_failed: bool = False,
    progress: Callable[[int, int, int], None] | None = None,
    waiting: Callable[[], None] | None = None,
) -> Achieved:
    """Make the runs of floor and ceilings that are not stored yet, and score the points.

    What is stored stays, and the same call goes on from there.

    Parameters
    ----------
    study : whose runs are done; its experiment has [achievable]
    workers, cluster, retry_failed, waiting : as of `run_batch`
    progress : called as runs end with the number that are there, that failed, and that there may
        be in all

    Raises
    ------
    BordersimError : a run failed
    InputError : the folder cannot be written to, or there are no workers
    KeyboardInterrupt : the user ended it; its message says how to go on
    """
    asked = study.experiment.achievable
    assert asked is not None
    most = runs_of_limits(study.points, min(asked.replications, study.replications))

    def tell(there: int, failed: int) -> None:
        if progress is not None:
            progress(there, failed, most)

    with (
        place_of(workers, cluster) as place,
        alone_in(study.folder, waiting or (lambda: None), "choose another --out"),
        Ledger.writing(study.folder) as ledger,
    ):
        kept = Kept(study.folder, ledger, study.model, place, retry_failed, tell)
        tables = study.comparison().tables
        try:
            return achieved_on(study.experiment, study.points, tables, kept)
        except KeyboardInterrupt:
            raise KeyboardInterrupt(
                f"interrupted; what is done of floor and ceilings is stored in {study.folder}, and "
                "the same command goes on from there"
            ) from None


def stored_limits(study: Study) -> Achieved:
    """Score the points of a study by floor and ceilings that are stored.

    Parameters
    ----------
    study : whose experiment has [achievable]

    Raises
    ------
    InputError : they are not stored, as when the model or the ways of placing patrols have changed
    """
    with Ledger.reading(study.folder) as ledger:
        stored = Stored(study.folder, ledger, study.model)
        tables = study.comparison().tables
        return achieved_on(study.experiment, study.points, tables, stored)
