"""Who watches the line besides patrols, and what posts believe; see `sim.agents.watch`."""

from typing import Any

from sim.agents.watch import MONTH_HOURS
from sim.engine.compiled.column_types import flat
from sim.engine.compiled.compiling import compiled
from sim.engine.compiled.covering import by_sensors
from sim.engine.compiled.orders import put_in_order
from sim.rules.belief import forget, keep_share, posterior_mean
from sim.rules.cooperation import goodwill
from sim.rules.ties import in_steps


@compiled
def keep_watch(s: Any) -> None:
    """Place the sensors of all posts for a shift; take note of how many people still tell."""
    run, settings = s.run[0], s.settings[0]
    period = int(run.start // settings.sensor_hours)
    if period != run.sensor_period or run.sensors_changed:
        for number in range(s.posts.shape[0]):
            post = s.posts[number]
            mobile = post.mobile + post.given_sensors
            if mobile != post.placed or period != run.sensor_period:
                post.placed = mobile
                _place_sensors(s, number, mobile)
                _work_out_unnoticed(s, number)
        run.sensor_period, run.sensors_changed = period, 0
    month_over = run.start >= run.next_month
    if month_over:
        run.next_month += MONTH_HOURS
    if month_over or run.ears_changed:
        for number in range(s.posts.shape[0]):
            _hear_people(s, number, month_over)
    run.ears_changed = 0


@compiled
def _hear_people(s: Any, number: int, month_over: bool) -> None:
    """Work out what people still tell a post."""
    settings, post = s.settings[0], s.posts[number]
    if month_over:
        post.goodwill = goodwill(post.stopped, post.passed_by, settings.goodwill_per_stop)
        post.stopped = 0.0
        post.passed_by = 0.0
    for cell in range(post.cells, post.cells + post.sector):
        told = s.ears[cell] if s.ears[cell] >= 0.0 else settings.reports
        s.heard[cell] = told * post.goodwill
    _work_out_unnoticed(s, number)


@compiled
def _place_sensors(s: Any, number: int, mobile: int) -> None:
    """Spread the fixed sensors of a post evenly, and put mobile ones where most is expected."""
    post = s.posts[number]
    for place in range(post.sector):
        s.sensors[post.cells + place] = 0
    for n in range(post.fixed):
        s.sensors[post.cells + (2 * n + 1) * post.sector // (2 * post.fixed)] += 1
    if not mobile:
        return
    for place in range(post.sector):
        harm = believed_harm(s, post.cells + place)
        put_in_order(s.work_order, s.work_steps, place, place, -in_steps(harm))
    for turn in range(mobile):
        s.sensors[post.cells + s.work_order[turn % post.sector]] += 1


@compiled
def _work_out_unnoticed(s: Any, number: int) -> None:
    """Work out what neither the sensors of a post notice nor people who tell it in time."""
    post = s.posts[number]
    for cell in range(post.cells, post.cells + post.sector):
        for crime in range(s.crimes.shape[0]):
            together = by_sensors(s, crime, s.cell_segment[cell], s.sensors[cell])
            s.unnoticed[cell, crime] = (1.0 - together) * (1.0 - s.heard[cell])


@compiled
def believed(s: Any, cell: int, crime: int) -> float:
    """Believed attempts per day."""
    return posterior_mean(s.alpha[cell, crime], s.beta[cell, crime])


@compiled
def believed_harm(s: Any, cell: int) -> float:
    """Believed harm per day of the attempts of all types."""
    harm = 0.0
    for crime in range(s.crimes.shape[0]):
        harm += s.crimes[crime].harm * believed(s, cell, crime)
    return harm


@compiled
def draw_conclusions(s: Any) -> None:
    """Turn what all posts found, and the effort of patrols, sensors and people, into belief."""
    run, settings = s.run[0], s.settings[0]
    keep = keep_share(run.stop - run.start, settings.belief_half_life)
    days = (run.stop - run.start) / 24.0
    # All cells in one row, so that several are done at a time.
    alpha, beta, inland = flat(s.alpha), flat(s.beta), flat(s.inland)
    missed, unnoticed = flat(s.missed), flat(s.unnoticed)
    own_effort, inland_effort = flat(s.observed[OWN_EFFORT]), flat(s.observed[INLAND_EFFORT])
    prior_alpha, prior_beta = settings.prior_alpha, settings.prior_beta
    for cell in range(beta.shape[0]):
        left = missed[cell] * unnoticed[cell]
        own = (1.0 - left) * days
        later = inland[cell] * left * days
        alpha[cell] = forget(alpha[cell], prior_alpha, keep)
        beta[cell] = forget(beta[cell], prior_beta, keep) + (own + later)
        own_effort[cell] += own
        inland_effort[cell] += later
        # Nobody is out in the next shift yet.
        missed[cell] = 1.0
    for number in range(s.has_seen.shape[0]):
        if s.has_seen[number]:
            s.has_seen[number] = 0
            _believe_finds(s, number)


@compiled
def _believe_finds(s: Any, number: int) -> None:
    """Take the finds of a post in a shift into its belief."""
    post = s.posts[number]
    s.has_news[number] = 1
    for cell in range(post.cells, post.cells + post.in_view):
        for crime in range(s.crimes.shape[0]):
            s.alpha[cell, crime] += s.seen[cell, crime]
            s.observed[OWN_FINDS, cell, crime] += s.seen[cell, crime]
            s.seen[cell, crime] = 0.0


OWN_FINDS, OWN_EFFORT, INLAND_FINDS, INLAND_EFFORT = 0, 1, 2, 3
"""Kinds of observation in `observed`."""
