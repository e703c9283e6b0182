"""What posts hold of each other, and trust; see `sim.agents.partners`."""

from typing import Any

from sim.engine.compiled.compiling import compiled
from sim.rules.belief import keep_share
from sim.rules.cooperation import trust_after


@compiled
def link_of(s: Any, post_number: int, partner: int) -> int:
    """Row of what a post holds of a partner, -1 if it holds nothing."""
    post = s.posts[post_number]
    low, high = post.links, post.links + post.n_links
    while low < high:
        middle = (low + high) // 2
        if s.links[middle].partner < partner:
            low = middle + 1
        else:
            high = middle
    found = low < post.links + post.n_links and s.links[low].partner == partner
    return low if found else -1


@compiled
def experience(s: Any, link: int, good: bool, step: float) -> None:
    """Move trust in a partner after a good or a bad experience."""
    s.trust[link] = trust_after(s.trust[link], 1.0 if good else 0.0, step)
    s.links[link].met = 1


@compiled
def meet_again(s: Any, first: int, second: int, step: float) -> None:
    """Let two posts trust each other more for having met."""
    experience(s, link_of(s, first, second), True, step)
    experience(s, link_of(s, second, first), True, step)


@compiled
def fade_trust(s: Any) -> None:
    """Let all trust drift back to where it started."""
    settings = s.settings[0]
    keep = keep_share(s.run[0].stop - s.run[0].start, settings.trust_half_life)
    start = settings.trust_start
    for link in range(s.trust.shape[0]):
        s.trust[link] = start + (s.trust[link] - start) * keep
