"""`bordersim import-border`: a scenario world of any two neighbouring countries."""

import shlex
from pathlib import Path

from sim.world.import_border import import_border


def import_border_command(
    first: str,
    second: str,
    countries: Path,
    provinces: Path | None,
    segment_km: float,
    out: Path,
) -> None:
    """Import a border and say what to do next."""
    border = import_border(first, second, countries, provinces, segment_km, out=out)
    pieces = "one piece" if border.pieces == 1 else f"{border.pieces} pieces"
    print(f"{border.length_km:,.0f} km in {pieces}, {border.segments} segments")
    print(f"bordersim run {shlex.quote(str(border.scenario))} --days 30")
