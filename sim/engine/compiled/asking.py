"""Questions that compiled code asks of Python: what code of a user's own decides.

The question is a number; what it is about is in `s.asked`. `sim.engine.compiled.answering` answers.
"""

from typing import Any

from sim.engine.compiled.compiling import call, compiled

(
    ALLOCATE,
    CHOOSE_SEGMENT,
    CHOOSE_DAYPART,
    LEARN,
    BEFORE_DECISIONS,
    PLAN_DECIDED,
    TURNS_BACK,
    DETECTED,
    TOLD,
    HANDED_OVER,
    AFTER_SHIFT,
) = range(11)


@compiled
def ask(s: Any, question: int) -> int:
    """Ask Python, and give its answer; 0 if an answer before this failed."""
    if s.run[0].raised:
        return 0
    return call(s.settings[0].answers, question)


@compiled
def ask_instruments(s: Any, question: int, row: int, post: int) -> int:
    """Ask instruments in Python to act, if any of them wants to be asked this.

    Parameters
    ----------
    row : of the attempt that it is about, -1 if none
    post : that it is about, -1 if none
    """
    if not s.settings[0].asks >> question & 1:
        return 0
    s.asked[0].attempt, s.asked[0].post = row, post
    return ask(s, question)
