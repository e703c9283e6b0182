"""The model behind a page: it runs shift by shift, and its policy can be changed in between."""

from threading import Event, RLock

from sim.agents import Attempt, Outcome
from sim.engine import BorderModel
from sim.engine.injects import Injects
from sim.errors import InputError
from sim.replay.live.curves import Moment, observe
from sim.replay.live.desk import Desk, Settings, seed_of
from sim.replay.watching import Notebook
from sim.scenario import Policy, Scenario
from sim.scenario.injects import PolicyChange

CLOSING = Event()
"""Set when the server ends, so that no model keeps it from ending."""


class LiveModel(BorderModel):
    """A run of what a trainer asked for.

    A page steps it in one thread and asks for changes in another; they take turns.

    Parameters
    ----------
    desk : what was asked for
    rng : seed of all chance in the run, as a number or as it was typed; one that cannot be used is
        told in `complaint`, and the last good one is taken

    Attributes
    ----------
    complaint : what could not be done when it was made, "" if nothing
    attempts : those of the last shift, in order of choice
    history : what was counted at the end of each shift
    """

    def __init__(self, desk: Desk, rng: int | str = 1) -> None:
        self.complaint = ""
        try:
            desk.seed = seed_of(str(rng))
        except InputError as error:
            self.complaint = f"{error}. The run starts with seed {desk.seed}, as before."
        notebook = Notebook()
        group = notebook.agent_classes()["group"]
        super().__init__(desk.scenario, rng=desk.seed, agent_classes={"group": group})
        self.desk = desk
        self.lock = RLock()
        self.history: list[Moment] = []
        self.coming: Policy | None = None
        self._chosen = notebook.attempts
        self.attempts: list[Attempt] = []

    @property
    def scenario_so_far(self) -> Scenario:
        """What is run, with the changes made so far; a run of it from the start gives the same."""
        return self.stage.scenario

    @property
    def policy(self) -> Policy:
        """The policy in force with the next shift."""
        return self.coming or self.stage.policy

    def step(self) -> None:
        """Run one shift, unless the server is about to end."""
        with self.lock:
            if CLOSING.is_set():
                self.running = False
                return
            if not self.running:
                return
            open_before = [each for each in self.attempts if each.outcome is Outcome.UNDER_WAY]
            super().step()
            self.coming = None
            self.attempts = [*open_before, *self._chosen]
            self._chosen.clear()
            self.history.append(observe(self))

    def change(self, policy: str | None, settings: Settings) -> None:
        """Let another policy, or other doses, come into force with the next shift.

        Parameters
        ----------
        policy : name of one in the folder; None leaves that in force
        settings : key paths to values that differ from it

        Raises
        ------
        InputError : that cannot be run, or the run is over
        """
        with self.lock:
            if not self.running:
                raise InputError(
                    "the run is over, so nothing can come into force",
                    where=f"day {self.clock / 24.0:g}",
                    remedy="Reset, then change",
                )
            now = self.stage.scenario
            changed, coming = self.desk.changed(now, self.clock, policy, settings)
            past = [each for each in now.injects if isinstance(each, PolicyChange)]
            done = sum(24.0 * each.day < self.clock for each in past)
            # Injects begin with the first of the later policies: those that are past are left out.
            self.stage.scenario = changed.model_copy(
                update={"later_policies": changed.later_policies[done:]}
            )
            self.injects = Injects(self)
            self.stage.scenario = changed
            self.coming = coming
