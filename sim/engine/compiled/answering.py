"""What code of a user's own answers when compiled code asks: where to go, what to do."""

import ctypes
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.agents import Outcome, Post, Shift
from sim.agents.adversaries import DAYPARTS, Adversary, Lesson
from sim.agents.allocation import Outlook, allocate
from sim.coordination import Instrument
from sim.engine.compiled import asking
from sim.engine.compiled.names import INSTRUMENT_NUMBERS
from sim.engine.compiled.views import attempt_in, plan_in
from sim.scenario.parameters import for_side

if TYPE_CHECKING:
    from sim.engine.compiled.model import CompiledModel

HOOKS = {
    asking.BEFORE_DECISIONS: "before_decisions",
    asking.PLAN_DECIDED: "plan_decided",
    asking.TURNS_BACK: "turns_back",
    asking.DETECTED: "on_detection",
    asking.TOLD: "on_told",
    asking.HANDED_OVER: "on_handover",
    asking.AFTER_SHIFT: "after_shift",
}
"""What of an instrument is called to answer each question."""


class Answers:
    """Answers the questions of compiled code, by number.

    Parameters
    ----------
    model : the run, laid out in columns

    Attributes
    ----------
    address : of what compiled code calls
    wanted : questions that instruments in Python want to be asked, a bit each
    failure : what went wrong in an answer, None so far
    """

    def __init__(self, model: "CompiledModel") -> None:
        self.model = model
        self.failure: BaseException | None = None
        own = [each for each in model.instruments if each.name not in INSTRUMENT_NUMBERS]
        self._acting = {
            question: [each for each in own if _overrides(each, hook)]
            for question, hook in HOOKS.items()
        }
        self.wanted = sum(1 << question for question, those in self._acting.items() if those)
        self._answers: dict[int, Callable[[], int | None]] = {
            asking.ALLOCATE: self._allocate,
            asking.CHOOSE_SEGMENT: self._choose_segment,
            asking.CHOOSE_DAYPART: self._choose_daypart,
            asking.LEARN: self._learn,
            **{question: self._let_act_on(question) for question in HOOKS},
        }
        self._function = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64)(self._answer)
        self.address = ctypes.cast(self._function, ctypes.c_void_p).value
        self._shift: Shift | None = None

    def _answer(self, question: int) -> int:
        """Answer a question; nothing may be raised through compiled code."""
        model = self.model
        model.asking = True
        model.clock = float(self._run["clock"])
        try:
            return int(self._answers[question]() or 0)
        except BaseException as failure:
            self.failure = failure
            self._run["raised"] = 1
            return 0
        finally:
            model.asking = False

    @property
    def _run(self) -> Any:
        return self.model.columns["run"][0]

    @property
    def _asked(self) -> Any:
        return self.model.columns["asked"][0]

    @property
    def shift(self) -> Shift:
        """The shift under way."""
        run = self._run
        if self._shift is None or self._shift.number != run["shift"]:
            start, stop = float(run["start"]), float(run["stop"])
            self._shift = self.model.surroundings.shift(int(run["shift"]), start, stop)
        return self._shift

    # Allocations

    def _allocate(self) -> int:
        model, asked, columns = self.model, self._asked, self.model.columns
        post = model.posts_by_number[asked["post"]]
        number, teams = int(asked["shift"]), int(asked["teams"])
        shift = self.shift
        if number != shift.number:
            shift = model.shift_ahead(shift, number - shift.number)
        told, view = bool(asked["told"]), len(post.belief.view)
        outlook = Outlook(
            stage=model.stage,
            post=post.number,
            shift=shift,
            teams=teams,
            belief=post.belief,
            values=post.values,
            covers=self._covers(post, int(asked["way"])),
            partner_cover=columns["work_cover"][:view].tolist() if told else None,
            beats=post.choice,
            taken=self._taken(post),
        )
        beats = allocate(for_side(model.stage.policy.allocation.kind, post.side), outlook)
        columns["work_order"][: len(beats)] = beats
        return len(beats)

    def _covers(self, post: Post, way: int) -> Any:
        """Detection probability by one patrol, (beats, crime types, segments in view)."""
        columns = self.model.columns
        first = int(columns["posts"]["beats"][post.number])
        covers = np.zeros((len(post.beats), *post.belief.shape))
        for index in range(len(post.beats)):
            beat = columns["beats"][first + index]
            begin, count = int(beat["first"]), int(beat["segments"])
            stretches = slice(beat["stretches"], beat["stretches"] + count)
            covers[index, :, begin : begin + count] = columns["covers"][way, stretches].T
        return covers

    def _taken(self, post: Post) -> frozenset[int]:
        """Beats on which a partner is known to be, if the policy is to keep off them."""
        if not self.model.columns["settings"]["deconflict"][0]:
            return frozenset()
        taken = self.model.columns["work_taken"][: len(post.beats)]
        return frozenset(np.flatnonzero(taken).tolist())

    # Adversaries

    def _group(self) -> tuple[Any, Adversary]:
        """Give the group it is about, and its adversary as scouts have informed it."""
        self.model.asking = False
        group = self.model.groups_by_number[self._asked["group"]]
        adversary = group.adversary
        self.model.asking = True
        return group, adversary

    def _choose_segment(self) -> int:
        group, adversary = self._group()
        options = range(len(group.options))
        noise = self.model.columns["work_noise"][: len(options)].tolist()
        chosen = options[adversary.choose(adversary.utilities(), noise)]
        home = options[adversary.choose(group.at_home, noise)]
        return chosen * len(options) + home

    def _choose_daypart(self) -> int:
        _, adversary = self._group()
        noise = self.model.columns["work_noise"][:DAYPARTS].tolist()
        return range(DAYPARTS)[adversary.choose(adversary.daypart_utilities(), noise)]

    def _learn(self) -> None:
        group, adversary = self._group()
        asked = self._asked
        own = bool(asked["own"])
        adversary.learn(
            Lesson(
                int(asked["option"]),
                int(asked["daypart"]),
                bool(asked["intercepted"]),
                1.0 if own else group.kind.shares,
                own,
            )
        )

    # Instruments

    def _let_act_on(self, question: int) -> Callable[[], int]:
        """Give what lets instruments answer a question, in their order."""
        hook = HOOKS[question]

        def act() -> int:
            about = self._about(question)
            answers = (getattr(each, hook)(*about) for each in self._acting[question])
            # Who turns an attempt back need not be followed by others; elsewhere all act.
            return int(any(answers) if question == asking.TURNS_BACK else len(list(answers)))

        return act

    def _about(self, question: int) -> tuple[Any, ...]:
        """Give what an instrument is told with a question."""
        model, asked = self.model, self._asked
        model.read_grown()
        if question in (asking.BEFORE_DECISIONS, asking.AFTER_SHIFT):
            return (self.shift,)
        if question == asking.TURNS_BACK:
            return (attempt_in(model, asked["attempt"]),)
        post = model.posts_by_number[asked["post"]]
        if question == asking.PLAN_DECIDED:
            return (
                post,
                plan_in(post, int(asked["plan"]), len(post.site.sector)),
                float(asked["time"]),
            )
        if question == asking.HANDED_OVER:
            return attempt_in(model, asked["attempt"], Outcome.HANDED_OVER), post
        attempt = attempt_in(model, asked["attempt"])
        return attempt, post, model.clock


def _overrides(instrument: Instrument, hook: str) -> bool:
    """Whether an instrument has something of its own to do."""
    return getattr(type(instrument), hook) is not getattr(Instrument, hook)
