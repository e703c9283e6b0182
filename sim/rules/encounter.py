"""From a pass to an interception: chances and times of detection, pursuit and response."""

from sim.rules import rule


@rule
def darkness(start: float, end: float, dusk: float, dawn: float) -> float:
    """Share of a period that is dark.

    Parameters
    ----------
    start, end : the period, h since the start of the run at midnight, end above start
    dusk, dawn : hour of the day at which night begins and ends, dusk after noon, dawn before

    Source
    ------
    Length of the overlap of the period with the nights it touches.
    """
    dark = 0.0
    night = 24.0 * (start // 24.0) - 24.0
    while night < end:
        dark += max(0.0, min(end, night + 24.0 + dawn) - max(start, night + dusk))
        night += 24.0
    return dark / (end - start)


@rule
def detection_chance(base: float, detectability: float, penalty: float, dark: float) -> float:
    """Probability that a patrol detects a crosser it passes.

    Parameters
    ----------
    base : of an average crosser by day, 0 to 1
    detectability : of this crime type, relative to the average, at least 0
    penalty : share of detections lost at night, 0 to 1
    dark : share of the shift that is night, 0 to 1

    Source
    ------
    Product of independent factors, capped at 1; assumed.
    """
    return min(1.0, base * detectability * (1.0 - penalty * dark))


@rule
def sensor_chance(detection: float, detectability: float, reach: float, length: float) -> float:
    """Probability that a sensor detects a crosser somewhere on its segment.

    Parameters
    ----------
    detection : of an average crosser in range, 0 to 1
    detectability : of this crime type, relative to the average, at least 0
    reach : length of line that it watches, km
    length : of the segment, km, above 0

    Source
    ------
    Definite range: in range with probability reach/length, then an independent chance; assumed.
    """
    return min(1.0, reach / length) * min(1.0, detection * detectability)


@rule
def caught_in_time(response: float, left: float, share: float, chance: float) -> bool:
    """Whether a pursuit succeeds: it must arrive before the crosser is out of reach.

    Parameters
    ----------
    response : hours until the pursuer is there
    left : hours until the crosser leaves the side the pursuer may act on
    share : uniform draw in (0, 1)
    chance : probability that a pursuer who is there in time intercepts

    Source
    ------
    Authority ends at the line (charter, §5.2).
    """
    return response <= left and share < chance


@rule
def wear_rate(markers_per_km: float, length: float, per_year: float) -> float:
    """Rate at which markers of a stretch of line are damaged, 1/h.

    Parameters
    ----------
    markers_per_km : density of markers
    length : of the stretch, km
    per_year : share of markers damaged a year

    Source
    ------
    Poisson process; the share is assumed.
    """
    return markers_per_km * length * per_year / (365.0 * 24.0)


@rule
def noticed(share: float, patrols: float) -> float:
    """Probability that somebody who watches a segment sees any of the patrols on it.

    Parameters
    ----------
    share : of the patrols that he notices, 0 to 1
    patrols : with a route over the segment, at least 0

    Source
    ------
    Independent chances: misses multiply.
    """
    return float(1.0 - (1.0 - share) ** patrols)


@rule
def hours_by_vehicle(ready: float, way: float, speed: float, mobility: float) -> float:
    """Time until a reaction team is where it is called to, h.

    Parameters
    ----------
    ready : time until it sets out, with the vehicles at the start, h
    way : from the post, km
    speed : of vehicles at the start, km/h
    mobility : speed of its vehicles relative to those, above 0

    Source
    ------
    Way over speed; that better vehicles shorten both is assumed.
    """
    return ready / mobility + way / (speed * mobility)
