"""Where a replay halts, so that a class can think before it sees what happened."""

from sim.scenario.parameters import NonNegative, Table, param


class Stop(Table):
    """A question that a replay of the run halts for."""

    day: NonNegative = param(..., "when, in days from the start of the run", unit="days")
    text: str = param("", "what to say about the situation")
    question: str = param(..., "what to ask", min_length=1)
    answer: str = param("", "what to say when the truth is shown; in no trainee's file")
