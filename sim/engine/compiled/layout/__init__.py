"""From agents to columns: lay out the state of a run that is about to begin."""

from typing import TYPE_CHECKING

from sim.engine.compiled.layout.adversaries import lay_out_groups
from sim.engine.compiled.layout.forces import lay_out_aid, lay_out_patrols, lay_out_posts
from sim.engine.compiled.layout.layout import Layout
from sim.engine.compiled.layout.line import lay_out_injects, lay_out_segments, lay_out_time
from sim.engine.compiled.layout.room import lay_out_pools, lay_out_room
from sim.engine.compiled.layout.settings import lay_out_settings
from sim.engine.compiled.layout.ties import (
    lay_out_channels,
    lay_out_links,
    lay_out_pairs,
    lay_out_plans,
)

if TYPE_CHECKING:
    from sim.engine.model import BorderModel

__all__ = ["Layout", "lay_out"]


def lay_out(model: "BorderModel") -> Layout:
    """Lay out the columns of a run from its model, before the first shift."""
    layout = Layout(model)
    for part in (
        lay_out_time,
        lay_out_segments,
        lay_out_posts,
        lay_out_patrols,
        lay_out_groups,
        lay_out_pairs,
        lay_out_channels,
        lay_out_links,
        lay_out_plans,
        lay_out_injects,
        lay_out_aid,
        lay_out_room,
        lay_out_pools,
        lay_out_settings,
    ):
        part(layout)
    return layout
