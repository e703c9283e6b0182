"""The panel of doses: what can be put into force, at the start or while a run goes on."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

import solara
from mesa.visualization.utils import force_update

from sim.errors import InputError
from sim.replay.live.desk import Settings, told_of
from sim.replay.live.doses import Dose, Instrument, instruments, value_in
from sim.replay.live.model import LiveModel
from sim.scenario import Policy
from sim.scenario.files import parse_setting

AS_IT_IS = "(as it is)"
OPEN_AT_FIRST = ("sharing",)


@dataclass(frozen=True)
class Draft:
    """A change that has been set but is not in force.

    Attributes
    ----------
    policy : name of a policy in the folder, None for that in force
    settings : key paths to values that differ from it
    typed : one more as KEY=VALUE, or the beginning of it
    """

    policy: str | None = None
    settings: Settings = field(default_factory=dict)
    typed: str = ""

    def whole(self) -> "Draft":
        """Give the same with what was typed among the settings.

        Raises
        ------
        InputError : it is not KEY=VALUE
        """
        if not self.typed.strip():
            return self
        if "=" not in self.typed:
            raise InputError(
                f"{self.typed!r} is not KEY=VALUE",
                where="any other value",
                remedy="e.g. hotline.minutes=30",
            )
        return replace(self.with_setting(*parse_setting(self.typed)), typed="")

    def with_setting(self, key: str, value: Any) -> "Draft":
        """Give the same with one more value."""
        return replace(self, settings={**self.settings, key: value})

    def followed_by(self, later: "Draft") -> "Draft":
        """Give both in one."""
        if later.policy is not None:
            return later
        return replace(later, policy=self.policy, settings={**self.settings, **later.settings})

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been set."""
        return self.policy is None and not self.settings and not self.typed.strip()

    @property
    def told(self) -> str:
        """What it changes, in few words."""
        parts = (told_of(self.policy, self.settings), self.typed.strip())
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True)
class Standing:
    """What of a run the panel shows: the policy that is in force next, and whether it has begun."""

    policy: Policy
    has_begun: bool

    @classmethod
    def of(cls, run: LiveModel) -> "Standing":
        """Look at a run."""
        return cls(run.policy, run.clock > 0.0)


@solara.component
def PolicyPanel(model: solara.Reactive[LiveModel], standing: solara.Reactive[Standing]) -> None:
    """Show the doses in force; gather changes, and put them into force."""
    draft: solara.Reactive[Draft] = solara.use_reactive(Draft())
    made: solara.Reactive[Draft] = solara.use_reactive(Draft())
    error: solara.Reactive[str] = solara.use_reactive("")

    def offer_again() -> None:
        """After Reset, keep what was changed in the run before at hand."""
        if not made.value.is_empty:
            draft.set(made.value.followed_by(draft.value))
            made.set(Draft())

    solara.use_effect(offer_again, [model.value])

    def put_into_force() -> None:
        run = model.value
        try:
            wanted = draft.value.whole()
            if run.clock == 0.0:
                run.desk.begin_with(wanted.policy, wanted.settings)
                made.set(Draft())
                model.set(LiveModel(run.desk, run.desk.seed))
            else:
                run.change(wanted.policy, wanted.settings)
                made.set(made.value.followed_by(wanted))
        except InputError as failure:
            error.set(str(failure))
            return
        error.set("")
        draft.set(Draft())
        force_update()

    def discard() -> None:
        error.set("")
        draft.set(Draft())

    with solara.Card("Policy", classes=["doses"]):
        _PolicyFile(model.value, draft)
        for each in instruments():
            _InstrumentDoses(each, standing.value.policy, draft)
        _AnyValue(draft)
        _Pending(standing.value.has_begun, draft.value, put_into_force, discard)
        if error.value:
            solara.Error(f"Not put into force. {error.value}", classes=["refused"])


@solara.component
def _PolicyFile(run: LiveModel, draft: solara.Reactive[Draft]) -> None:
    """Choose a policy of the folder."""
    names = [AS_IT_IS, *run.desk.policies]

    def choose(name: str) -> None:
        draft.set(Draft() if name == AS_IT_IS else Draft(policy=name))

    solara.Select(
        "From a policy file", names, value=draft.value.policy or AS_IT_IS, on_value=choose
    )


@solara.component
def _InstrumentDoses(instrument: Instrument, policy: Policy, draft: solara.Reactive[Draft]) -> None:
    """Set the doses of one instrument."""
    main = instrument.main
    settings = draft.value.settings
    value = settings.get(main.key, value_in(policy, main))
    name = instrument.name.replace("_", " ")
    mark = " ✎" if any(key.startswith(f"{instrument.name}.") for key in settings) else ""

    def set_of(dose: Dose) -> Callable[[Any], None]:
        return lambda chosen: draft.set(draft.value.with_setting(dose.key, chosen))

    with solara.Details(
        f"{name}: {main.told(value)}{mark}", expand=instrument.name in OPEN_AT_FIRST
    ):
        solara.Text(instrument.text, classes=["explained"])
        _DoseInput(main, value, set_of(main))
        if instrument.is_on(value):
            for dose in instrument.others:
                _DoseInput(dose, settings.get(dose.key, value_in(policy, dose)), set_of(dose))


@solara.component
def _DoseInput(dose: Dose, value: Any, on_value: Callable[[Any], None]) -> None:
    """Set one dose: by a slider through its values, a switch, or a choice of words."""
    offered = dose.with_values(value)
    label = dose.key.partition(".")[2].replace("_", " ")
    if isinstance(value, bool):
        solara.Switch(label=dose.meaning, value=value, on_value=on_value)
    elif not dose.is_graded:
        solara.Text(dose.meaning, classes=["meaning"])
        solara.Select(label, list(offered.values), value=value, on_value=on_value, dense=True)
    else:
        solara.HTML(tag="div", classes=["meaning"], unsafe_innerHTML=_meaning(dose, value))
        solara.v.Slider(
            v_model=offered.values.index(value),
            on_v_model=lambda index: on_value(offered.values[int(index)]),
            min=0,
            max=len(offered.values) - 1,
            step=1,
            ticks="always",
            tick_size=4,
            hide_details=True,
            dense=True,
            attributes={"aria-label": f"{dose.key}: {dose.told(value)}"},
        )


def _meaning(dose: Dose, value: Any) -> str:
    return f"{escape(dose.meaning)}: <b>{escape(dose.told(value))}</b>"


@solara.component
def _AnyValue(draft: solara.Reactive[Draft]) -> None:
    """Set any value of the policy, by its key path."""
    solara.InputText(
        "Any other value: KEY=VALUE",
        value=draft.value.typed,
        on_value=lambda text: draft.set(replace(draft.value, typed=text)),
        continuous_update=True,
        placeholder="hotline.minutes=30",
        classes=["any-value"],
    )


@solara.component
def _Pending(
    has_begun: bool,
    draft: Draft,
    put_into_force: Callable[[], None],
    discard: Callable[[], None],
) -> None:
    """Say what has been set, and let it come into force."""
    if draft.is_empty:
        solara.Text("Set doses, then put them into force.", classes=["explained"])
        return
    when = "with the next shift" if has_begun else "from the start"
    solara.Info(f"Not yet in force: {draft.told}", dense=True)
    with solara.Div(classes=["pending"]):
        solara.Button(f"Put into force {when}", color="primary", on_click=put_into_force)
        solara.Button("Discard", text=True, on_click=discard)
