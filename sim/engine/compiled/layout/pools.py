"""Tables whose things come and go, all of them free."""

import numpy as np

from sim.engine.compiled.columns import POOLS, chain, table
from sim.engine.compiled.layout.layout import Layout


def lay_out_pools(layout: Layout) -> None:
    """Tables whose things come and go."""
    for name, rows in POOLS.items():
        layout.columns[name] = table(name, rows)
        chain(layout.columns[name])
    posts = len(layout.posts)
    cells = len(layout.columns["cell_segment"]) if "sharing" in layout.instruments else 1
    layout.columns |= {
        "issue_seen": np.zeros((POOLS["issues"], cells, layout.crimes, 2)),
        "issue_since": np.zeros((POOLS["issues"], posts)),
        "issue_plan": np.full((POOLS["issues"], posts), -1),
    }
