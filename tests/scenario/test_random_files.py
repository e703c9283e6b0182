"""Files nobody would write on purpose."""

import contextlib

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.scenario import Experiment, Scenario

few = settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@few
@given(content=st.binary(max_size=300))
def test_random_bytes_are_refused(library, content):
    """Random bytes are never a scenario, and never anything but an input error."""
    library.scenario.write_bytes(content)
    with contextlib.suppress(InputError):
        Scenario.load(library.scenario)
        raise AssertionError(f"{content!r} passed for a scenario")


@few
@given(data=st.data())
def test_a_file_with_random_text_in_it_is_read_or_refused(library, data):
    """A valid file with a random piece put in place of another loads, or is an input error."""
    for name, load in (("scenario", Scenario.load), ("experiment", Experiment.load)):
        path = getattr(library, name)
        original = path.read_text(encoding="utf-8")
        start = data.draw(st.integers(0, len(original)))
        end = data.draw(st.integers(start, min(len(original), start + 20)))
        piece = data.draw(
            st.one_of(
                st.text(max_size=10),
                st.sampled_from(["nan", "-1", "true", "[]", "{}", '""', "1e400", "2025-01-01"]),
            )
        )
        changed = original[:start] + piece + original[end:]
        path.write_bytes(changed.encode("utf-8", "surrogatepass"))
        try:
            with contextlib.suppress(InputError):
                load(path)
        finally:
            path.write_text(original, encoding="utf-8")
