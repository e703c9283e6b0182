"""What patrols cover: see `sim.agents.coverage`."""

from typing import Any

from sim.engine.compiled.compiling import compiled
from sim.rules.barrier import patrol_exposure
from sim.rules.cooperation import covered_together
from sim.rules.encounter import detection_chance, sensor_chance

_CUT_SHORT = -2
"""Kind of the last shift if it ends before its time; -1 is none."""


@compiled
def detection(s: Any, crime: int, keenness: float, dark: float) -> float:
    """Probability that a patrol detects a crosser of a type that it passes."""
    settings = s.settings[0]
    detectability = s.crimes[crime].detectability * keenness
    return detection_chance(settings.detection, detectability, settings.night_penalty, dark)


@compiled
def cover_beat(
    s: Any,
    post_number: int,
    beat_number: int,
    owner: int,
    on_site: float,
    hours: float,
    dark: float,
    joint: bool,
    row: int,
    anew: bool,
) -> None:
    """Work out what one patrol of a post covers on a beat, and whom of the lawful people it meets.

    Parameters
    ----------
    owner : the post in whose sector the beat lies
    on_site, hours : time on the beat, and length of the shift, h
    dark : share of the shift that is night
    joint : whether it may act on both sides
    row : of `s.covers` and `s.meets`, which get it
    anew : whether to work all out, or only how crime types are detected for which the keenness of
        the post has changed
    """
    post, beat, settings = s.posts[post_number], s.beats[beat_number], s.settings[0]
    slowdown, crimes, on_site = s.slowdown[post.sky], s.crimes.shape[0], max(0.0, on_site)
    for index in range(beat.segments):
        segment = s.segments[s.cell_segment[s.posts[owner].cells + beat.first + index]]
        stretch = beat.stretches + index
        # Lawful people come last; who passes them sees them, however keen.
        for crime in range(crimes + anew):
            if crime == crimes:
                window, chance = settings.lawful_exposure, 1.0
            else:
                keenness = s.keenness[post_number, crime]
                if not anew and s.covers_keenness[row, post_number, crime] == keenness:
                    continue
                exposed = s.exposure[crime, post.side]
                if joint:
                    exposed = (
                        s.exposure[crime, segment.first_side]
                        + s.exposure[crime, segment.second_side]
                    )
                window = exposed + 2.0 * (segment.reach * slowdown)
                chance = detection(s, crime, keenness, dark)
            begin, end = s.begins[stretch] * slowdown, s.ends[stretch] * slowdown
            length = beat.hours * slowdown
            met = patrol_exposure(window, on_site, length, begin, end, chance) / hours
            if crime == crimes:
                s.meets[row, stretch] = met
            else:
                s.covers[row, stretch, crime] = min(1.0, met)


@compiled
def access(s: Any, post_number: int, beat_number: int) -> float:
    """Time of the way of a post's patrols to a beat, h."""
    return s.beats[beat_number].access / s.posts[post_number].mobility


@compiled
def way_of_shift(s: Any, post_number: int, shift: int) -> int:
    """Give the row of the covers of a post's beats for a shift under the weather as it is."""
    wet = s.slowdown[s.posts[post_number].sky] != 1.0
    return s.shift_ways[shift] + wet


@compiled
def _form_of(s: Any, shift: int, hours: float) -> int:
    """Give the kind of a shift; one that the end of the run cuts short is a kind of its own.

    Plans for it were made before as for one of full length.
    """
    return s.shift_forms[shift] if hours > s.settings[0].shift_hours - 1e-9 else _CUT_SHORT


@compiled
def cover_beats(s: Any, post_number: int, shift: int, hours: float, dark: float) -> int:
    """Work out what one patrol covers on each beat of a post, unless that is known already.

    Returns
    -------
    The row of `s.covers`, `s.averages` and `s.meets` that holds it.
    """
    post = s.posts[post_number]
    way = way_of_shift(s, post_number, shift)
    form = _form_of(s, shift, hours)
    if s.covers_form[way, post_number] == form and s.covers_means[way, post_number] == post.means:
        return way
    anew = s.covers_form[way, post_number] != form
    anew |= s.covers_mobility[way, post_number] != post.mobility
    s.covers_form[way, post_number] = form
    s.covers_means[way, post_number] = post.means
    s.covers_mobility[way, post_number] = post.mobility
    for number in range(post.beats, post.beats + post.n_beats):
        on_site = hours - 2.0 * access(s, post_number, number)
        cover_beat(s, post_number, number, post_number, on_site, hours, dark, False, way, anew)
    crimes = s.crimes.shape[0]
    for crime in range(crimes):
        s.covers_keenness[way, post_number, crime] = s.keenness[post_number, crime]
    for stretch in range(post.stretches, post.stretches + post.n_stretches):
        together = 0.0
        for crime in range(crimes):
            together += s.covers[way, stretch, crime]
        s.averages[way, stretch] = together / crimes
    return way


@compiled
def cover_late(
    s: Any, post_number: int, beat_number: int, way: int, pause: float, hours: float
) -> int:
    """Work out what a patrol covers that goes out some time later, unless that is known already.

    Returns
    -------
    The row of `s.covers` and `s.meets` that holds it.
    """
    means, form = s.posts[post_number].means, _form_of(s, s.run[0].shift, hours)
    row = s.late_pause.shape[0] + way
    known = s.late_pause[way, beat_number] == pause and s.late_means[way, beat_number] == means
    if known and s.late_form[way, beat_number] == form:
        return row
    s.late_pause[way, beat_number] = pause
    s.late_means[way, beat_number] = means
    s.late_form[way, beat_number] = form
    on_site = hours - 2.0 * access(s, post_number, beat_number) - pause
    dark = s.run[0].dark
    cover_beat(s, post_number, beat_number, post_number, on_site, hours, dark, False, row, True)
    return row


@compiled
def by_sensors(s: Any, crime: int, segment: int, sensors: int) -> float:
    """Probability that some sensors on a segment detect a crosser somewhere on it."""
    settings = s.settings[0]
    each = sensor_chance(
        settings.sensor_detection,
        s.crimes[crime].detectability,
        settings.sensor_range,
        s.segments[segment].length,
    )
    together = 0.0
    for _ in range(sensors):
        together = covered_together(together, each)
    return together


@compiled
def sharpen(s: Any, post_number: int) -> None:
    """Work out how well a post detects each crime type, and what follows from a change."""
    changed = False
    for crime in range(s.crimes.shape[0]):
        keenness = s.skill_factor[post_number, crime] * s.focus_factor[post_number, crime]
        changed = changed or keenness != s.keenness[post_number, crime]
        s.keenness[post_number, crime] = keenness
    if changed:
        s.posts[post_number].means += 1
