"""The after-action review of a run: one page for screen, phone and paper, without a network."""

from collections import Counter
from collections.abc import Sequence
from importlib.metadata import version
from importlib.resources import files
from typing import NamedTuple

from jinja2 import Environment, PackageLoader

from sim.agents import Cause, Outcome
from sim.coordination import INSTRUMENTS
from sim.replay.chains import CAUSES, clock, sentence
from sim.replay.misses import Miss, misses
from sim.replay.recording import Recording
from sim.replay.standing import Standing, standing

MOST_LISTED = 300
"""Attempts told of one by one; in a long run, those that stand for most harm."""


class CauseRow(NamedTuple):
    """How often one cause let attempts through."""

    name: str
    meaning: str
    acts: str
    attempts: int
    share: float


class Halt(NamedTuple):
    """A stop, and how things stood.

    Attributes
    ----------
    title, text, question, answer : what the scenario says
    begun, met, passed : attempts since the stop before
    causes : why those passed, the commonest first
    sides : what each side knew by then
    """

    title: str
    text: str
    question: str
    answer: str
    begun: int
    met: int
    passed: int
    causes: list[tuple[str, int]]
    sides: list[Standing]


def render_review(recording: Recording) -> str:
    """Write the page of a run."""
    missed = misses(recording)
    listed = _listed(recording, missed)
    environment = Environment(loader=PackageLoader("sim.replay", "review"), autoescape=True)
    scenario = recording.scenario
    causes = _causes(missed)
    return environment.get_template("page.html").render(
        title=scenario.title or scenario.name,
        policy=scenario.policy.title or scenario.policy_name,
        days=recording.hours / 24.0,
        seed=recording.seed,
        version=version("bordersim"),
        inputs=scenario.inputs_sha256,
        style=(files("sim.replay") / "review" / "review.css").read_text(encoding="utf-8"),
        figures=_figures(recording),
        causes=causes,
        most=max((row.share for row in causes), default=1.0),
        halts=_halts(recording, missed),
        instruments=_instruments(recording),
        missed=len(missed),
        listed=[
            (CAUSES[cause].name, [sentence(recording, miss) for miss in some])
            for cause in Cause
            if (some := [miss for miss in listed if miss.cause is cause])
        ],
        shown=len(listed),
    )


def _figures(recording: Recording) -> list[tuple[str, str, str]]:
    """Give five numbers: what it is, its value, and of what."""
    counts = recording.counts_at(recording.hours)
    ended = counts.begun - counts.under_way
    crimes = counts.own_side + counts.handed_over + counts.jointly
    rate = counts.interdiction_rate
    messages = recording.messages
    read = int((messages.read <= recording.hours).sum())
    return [
        ("attempts that ended", f"{ended:,}", f"{counts.under_way:,} more were under way"),
        ("detected", f"{counts.detected:,}", "at least once, by any side"),
        (
            "intercepted",
            "–" if rate is None else f"{100.0 * rate:.1f} %",
            f"{crimes:,} of the crimes that ended, {counts.handed_over:,} of them across the line",
        ),
        ("got through", f"{counts.passed:,}", "detected or not, all kinds"),
        ("messages read", f"{read:,}", f"of {len(messages.sent):,} sent between posts"),
    ]


def _causes(missed: Sequence[Miss]) -> list[CauseRow]:
    """Count misses by cause, the commonest first."""
    counts = Counter(miss.cause for miss in missed)
    return [
        CauseRow(*CAUSES[cause], count, 100.0 * count / len(missed))
        for cause, count in sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    ]


def _halts(recording: Recording, missed: Sequence[Miss]) -> list[Halt]:
    """Say how things stood at each stop of the scenario, and at the end."""
    stops = sorted(recording.scenario.stops, key=lambda each: each.day)
    halts = [(24.0 * each.day, each) for each in stops if 24.0 * each.day <= recording.hours]
    crossings = recording.crossings
    before, rows = -1.0, []  # the very start of the run belongs to it
    for hour, stop in [*halts, (recording.hours, None)]:
        ended = (crossings.stopped > before) & (crossings.stopped <= hour)
        passed = ended & (crossings.outcome == Outcome.PASSED)
        causes = Counter(CAUSES[miss.cause].name for miss in missed if passed[miss.attempt])
        rows.append(
            Halt(
                title="The end" if stop is None else clock(hour),
                text=stop.text if stop else "",
                question=stop.question if stop else "",
                answer=stop.answer if stop else "",
                begun=int(((crossings.begin > before) & (crossings.begin <= hour)).sum()),
                met=int((ended & ~passed).sum()),
                passed=int(passed.sum()),
                causes=causes.most_common(3),
                sides=standing(recording, hour),
            )
        )
        before = hour
    return rows


def _instruments(recording: Recording) -> list[str]:
    """Name the instruments that the policy switches on, by their tables."""
    policy = recording.scenario.policy
    return [
        name.replace("_", " ")
        for name, (_, is_on) in INSTRUMENTS.items()
        if (dose := getattr(policy, name)) is not None and is_on(dose)
    ]


def _listed(recording: Recording, missed: Sequence[Miss]) -> list[Miss]:
    """Choose which misses to tell of one by one: all, or those that stand for most harm."""
    if len(missed) <= MOST_LISTED:
        return list(missed)
    events = recording.events
    harm = dict(zip(events["attempt"].tolist(), events["value"].tolist(), strict=True))
    number = recording.crossings.number
    heaviest = sorted(missed, key=lambda each: -harm[int(number[each.attempt])])[:MOST_LISTED]
    return sorted(heaviest, key=lambda each: each.attempt)
