"""Who meets, reports to and knows whom."""

from math import ceil
from typing import Any

import numpy as np

from sim.coordination import Instrument
from sim.coordination.friendship_exchanges import FriendshipExchanges
from sim.coordination.hotline import DirectLine
from sim.coordination.instrument import Pair
from sim.coordination.material_support import MaterialSupport
from sim.coordination.residential_twinning import ResidentialTwinning
from sim.coordination.sharing import InformationSharing
from sim.draws import Purpose
from sim.engine.compiled.columns import filled, table
from sim.engine.compiled.layout.layout import Layout
from sim.engine.compiled.names import INSTRUMENT_NUMBERS


def lay_out_pairs(layout: Layout) -> None:
    """Who meets whom under each instrument."""
    pairs: list[dict[str, float]] = []
    shared: list[int] = []
    ranges = np.zeros((len(INSTRUMENT_NUMBERS), 2))
    for name, instrument in layout.instruments.items():
        number = INSTRUMENT_NUMBERS[name]
        ranges[number, 0] = len(pairs)
        pairs += _pairs_of(layout, instrument, shared)
        ranges[number, 1] = len(pairs)
    units = 1
    support = layout.policy.material_support
    if support is not None:
        life = min(24.0 * support.life_days, 24.0 * layout.scenario.time.days)
        units = ceil(support.units_per_year * life / 8760.0) + 2
    first, last = ranges[INSTRUMENT_NUMBERS["material_support"]]
    together = layout.instruments.get("joint_patrols")
    due = [together.due[pair.number] for pair in together.pairs] if together else []
    rows = filled("pairs", pairs)
    layout.columns |= {
        "pairs": rows,
        "dates": np.where(rows["members"] > 0, 0.0, np.inf),
        "due_jointly": np.array(due),
        "pair_range": ranges,
        "shared": np.array(shared or [0]),
        "units": np.zeros((max(1, int(last - first)), units)),
    }


def _pairs_of(layout: Layout, instrument: Instrument, shared: list[int]) -> list[dict[str, float]]:
    """Give the rows of those who meet under one instrument."""
    if isinstance(instrument, ResidentialTwinning):
        return [
            {
                "first": post.number,
                "second": post.number,
                "members": 1,
                **_date(layout, segment, instrument),
            }
            for post, segment in instrument.holders()
        ]
    if isinstance(instrument, MaterialSupport):
        return [
            {
                "first": receiver,
                "second": giver,
                "members": 1,
                **_date(layout, receiver, instrument),
            }
            for receiver, giver in sorted(instrument.givers.items())
        ]
    if isinstance(instrument, FriendshipExchanges):
        rows = []
        for together in instrument.under.values():
            charged: set[int] = set()
            for place, pair in enumerate(together):
                row = _pair(layout, pair, instrument, shared)
                row["members"] = 0 if place else len(together)
                row |= _date(layout, together[0].number, instrument)
                row["charge_first"] = pair.first not in charged
                row["charge_second"] = pair.second not in charged
                charged |= set(pair.posts)
                rows.append(row)
        return rows
    return [_pair(layout, pair, instrument, shared) for pair in instrument.pairs]


def _date(layout: Layout, entity: int, instrument: Instrument) -> dict[str, float]:
    """Give when somebody first meets, as a share of the time between two meetings."""
    draw = layout.stage.chance.uniform
    return {"offset": draw(Purpose.APPOINTMENT, entity, instrument.key)}


def _pair(layout: Layout, pair: Pair, instrument: Any, shared: list[int]) -> dict[str, float]:
    """Give the row of a pair of posts."""
    row: dict[str, float] = {"first": pair.first, "second": pair.second, "members": 1}
    row["segments"], row["n_segments"] = len(shared), len(pair.segments)
    shared += pair.segments
    row |= _date(layout, pair.number, instrument)
    if instrument.name == "markers":
        row["hours"] = instrument.hours_along(pair)
    return row


def lay_out_channels(layout: Layout) -> None:
    """Who reports to whom."""
    sharing = layout.instruments.get("sharing")
    channels = sharing.channels if isinstance(sharing, InformationSharing) else []
    rows: list[dict[str, float]] = []
    authors: list[int] = []
    by_author: dict[int, list[int]] = {}
    for channel in channels:
        row: dict[str, float] = {"reader": channel.reader, "hops": channel.hops}
        row["authors"], row["n_authors"] = len(authors), len(channel.authors)
        rows.append(row)
        authors += channel.authors
        for author in channel.authors:
            by_author.setdefault(author, []).append(channel.number)
    readers = [layout.posts[channel.reader] for channel in channels]
    firsts = [(layout.sides[each.side], each.number) for each in readers]
    order = sorted(
        range(len(channels)), key=lambda number: (*firsts[number], channels[number].authors[0])
    )
    carried: list[int] = []
    for author, numbers in by_author.items():
        post = layout.columns["posts"][author]
        post["channels"], post["n_channels"] = len(carried), len(numbers)
        carried += numbers
    layout.columns |= {
        "channels": filled("channels", rows),
        "channels_in_order": np.array(order),
        "authors": np.array(authors or [0]),
        "author_channels": np.array(carried or [0]),
    }


def lay_out_links(layout: Layout) -> None:
    """What posts hold of each other."""
    sharing = layout.instruments.get("sharing")
    channels = sharing.channels if isinstance(sharing, InformationSharing) else []
    reports = [(channel.reader, author) for channel in channels for author in channel.authors]
    carried, facing = set(reports), _facing(layout)
    known = sorted(carried | facing | _meeting(layout))
    views = layout.columns["posts"]["in_view"].tolist()
    rows: list[dict[str, float]] = []
    mine: list[int] = []
    theirs: list[int] = []
    told = 0
    for post, partner in known:
        row: dict[str, float] = {"post": post, "partner": partner, "plan": -1, "told": -1}
        row["facing"] = (post, partner) in facing
        row["carried"] = (post, partner) in carried
        row["hops"] = _telephone_hops(layout, post, partner) if row["facing"] else -1
        common = layout.posts[post].partners.common_columns(partner)
        row["common"], row["n_common"] = len(mine), len(common[0])
        mine += common[0]
        theirs += common[1]
        if "joint_patrols" in layout.instruments and row["facing"]:
            row["told"] = told
            told += views[post]
        rows.append(row)
    posts, by_post = layout.columns["posts"], [post for post, _ in known]
    posts["n_links"] = np.bincount(np.array(by_post, dtype=int), minlength=len(posts))
    posts["links"] = np.cumsum(posts["n_links"]) - posts["n_links"]
    numbers = {pair: number for number, pair in enumerate(known)}
    layout.columns |= {
        "links": filled("links", rows),
        "trust": np.full(len(rows), layout.scenario.posts.trust.start),
        "common_mine": np.array(mine or [0]),
        "common_theirs": np.array(theirs or [0]),
        "author_link": np.array([numbers[pair] for pair in reports] or [0]),
        "told_to": np.zeros((4, max(1, told), layout.crimes)),
    }


def _facing(layout: Layout) -> set[tuple[int, int]]:
    """Posts that face each other, each with each."""
    return {(number, other) for number, others in layout.world.facing.items() for other in others}


def _meeting(layout: Layout) -> set[tuple[int, int]]:
    """Posts that some instrument lets meet, each with each."""
    first, second = (layout.columns["pairs"][name].tolist() for name in ("first", "second"))
    pairs = list(zip(first, second, strict=True))
    both = [*pairs, *((there, here) for here, there in pairs)]
    return {(here, there) for here, there in both if here != there}


def _telephone_hops(layout: Layout, post: int, partner: int) -> int:
    """Telephone calls from a post to a partner, -1 if there is no way."""
    telephone = layout.instruments.get("hotline")
    hops = telephone.hops(post, partner) if isinstance(telephone, DirectLine) else None
    return -1 if hops is None else hops


def lay_out_plans(layout: Layout) -> None:
    """Room for plans: of each post, for shifts to come, as known of partners, under way."""
    posts, links = len(layout.posts), layout.columns["links"]
    shifts = len(layout.columns["shift_forms"])
    layout.columns["shift_rooms"] = np.arange(shifts) % layout.ahead
    fixed = posts * (1 + layout.ahead) + len(links)
    rows = table("plans", fixed + 64)
    rows["shift"] = -1
    links["row"] = np.arange(len(links)) + posts * (1 + layout.ahead)
    rows["after"][fixed:-1] = np.arange(fixed + 1, len(rows))
    rows["after"][-1] = -1
    rows["after"][0] = fixed
    longest = int(layout.columns["posts"]["sector"].max())
    layout.columns |= {
        "plans": rows,
        "plan_beats": np.zeros((len(rows), layout.most)),
        "plan_cover": np.zeros((len(rows), longest)),
    }
