"""Areas of countries and provinces read from GeoJSON and TopoJSON files.

Geometry stays in longitude and latitude, degrees on WGS84, rounded to 1e-7 degree (1 cm), so that
neighbours drawn with the same vertices compare equal.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.errors import InputError, os_error_as_input_error

Ring = npt.NDArray[np.float64]
"""Vertices of a closed ring: shape (n, 2), longitude and latitude, degrees, last equal to first."""

Polygon = list[Ring]
"""An outer ring followed by its holes."""


@dataclass(frozen=True)
class Arcs:
    """The arcs of a TopoJSON file, decoded when first asked for.

    Parameters
    ----------
    raw : the arcs as stored, delta-encoded integers if the file is quantised
    scale, translate : the file's transform, degrees per step and degrees; None if not quantised
    """

    raw: list[Any]
    scale: tuple[float, float] | None
    translate: tuple[float, float] | None
    decoded: dict[int, Ring] = field(default_factory=dict)

    def line(self, index: int) -> Ring:
        """Vertices of one arc; a negative index `~i` is arc `i` backwards."""
        if index < 0:
            return self.line(~index)[::-1]
        if index not in self.decoded:
            points = np.array([position[:2] for position in self.raw[index]], dtype=np.float64)
            if self.scale is not None and self.translate is not None:
                points = np.cumsum(points, axis=0) * self.scale + self.translate
            self.decoded[index] = np.round(points, 7)
        return self.decoded[index]


@dataclass(frozen=True)
class Area:
    """One feature of a file: its shape, and its properties as text under simplified keys."""

    properties: Mapping[str, str]
    geometry: Mapping[str, Any]
    arcs: Arcs | None
    source: str

    def text(self, keys: Iterable[str]) -> str:
        """Value of the first of the keys that has one, else an empty string."""
        return next((self.properties[key] for key in keys if self.properties.get(key)), "")

    def has_shape(self) -> bool:
        """Whether the area has any polygon."""
        return any(True for _ in _polygons(self.geometry))

    def polygons(self) -> list[Polygon]:
        """Polygons of the area; InputError if they cannot be read as degrees on a globe."""
        try:
            polygons = [
                [self._ring(ring) for ring in polygon] for polygon in _polygons(self.geometry)
            ]
        except (TypeError, ValueError, KeyError, IndexError) as error:
            raise self._unreadable(f"its shape is malformed: {error}") from error
        polygons = [[ring for ring in polygon if len(ring) >= 4] for polygon in polygons]
        polygons = [polygon for polygon in polygons if polygon]
        for ring in (ring for polygon in polygons for ring in polygon):
            if not (np.abs(ring) <= (360.0, 90.0)).all():
                raise self._unreadable("its coordinates are not longitude and latitude in degrees")
        return polygons

    def _ring(self, ring: list[Any]) -> Ring:
        if self.arcs is None:
            return np.array([point[:2] for point in ring], dtype=np.float64).round(7)
        lines = [self.arcs.line(index) for index in ring]
        return np.concatenate([lines[0], *(line[1:] for line in lines[1:])])

    def _unreadable(self, why: str) -> InputError:
        name = self.text(("name", "name1", "id")) or "without a name"
        return InputError(
            f"the area {name} cannot be read, {why}",
            where=self.source,
            remedy="give a file in WGS84 longitude and latitude, as GeoJSON asks",
        )


@dataclass(frozen=True)
class ShapeFile:
    """The areas of one file, with what identifies the file."""

    name: str
    sha256: str
    areas: tuple[Area, ...]
    is_topology: bool


def read_shapes(path: Path, code_of: Callable[[Area], str]) -> ShapeFile:
    """Areas with polygons in a GeoJSON FeatureCollection or a TopoJSON file.

    Of several objects in a TopoJSON file the one with country codes is taken, and of those the one
    called `countries`, else the one with most areas.

    Parameters
    ----------
    path : the file
    code_of : `country_code` for a file of countries, `province_country_code` for one of provinces

    Raises
    ------
    InputError : no such file, not JSON, neither of the two formats, or no polygons in it
    """
    data, sha256 = _read_json(path)
    kind = data.get("type") if isinstance(data, dict) else None
    try:
        if kind == "FeatureCollection":
            layers = {"": [_area(feature, None, path) for feature in data["features"]]}
        elif kind == "Topology":
            layers = _layers_of_topology(data, path)
        else:
            raise InputError(
                "the file is JSON but neither a GeoJSON FeatureCollection nor a TopoJSON Topology",
                where=str(path),
                remedy="give a file of areas in one of these formats",
            )
    except (AttributeError, TypeError, ValueError, KeyError) as error:
        raise InputError(
            f"the file says it is a {kind} but is malformed: {error!r}",
            where=str(path),
            remedy="check the file, or download it again",
        ) from error
    usable = {name: [area for area in areas if area.has_shape()] for name, areas in layers.items()}
    best = max(
        usable,
        key=lambda name: (
            any(code_of(area) for area in usable[name]),
            name == "countries",
            len(usable[name]),
        ),
        default="",
    )
    if not usable.get(best):
        raise InputError(
            "the file holds no polygons", where=str(path), remedy="give a file of areas, not lines"
        )
    return ShapeFile(path.name, sha256, tuple(usable[best]), kind == "Topology")


def _read_json(path: Path) -> tuple[Any, str]:
    with os_error_as_input_error("cannot read the file", where=path, remedy="check the path"):
        content = path.read_bytes()
    try:
        return json.loads(content.decode("utf-8-sig")), hashlib.sha256(content).hexdigest()
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"the file is not JSON: {error}",
            where=str(path),
            remedy="give a GeoJSON or TopoJSON file",
        ) from error


def _layers_of_topology(data: dict[str, Any], path: Path) -> dict[str, list[Area]]:
    transform = data.get("transform")
    arcs = Arcs(
        list(data["arcs"]),
        tuple(transform["scale"]) if transform else None,
        tuple(transform["translate"]) if transform else None,
    )
    return {
        str(name): [_area(item, arcs, path) for item in layer.get("geometries", [layer])]
        for name, layer in data["objects"].items()
    }


def _area(feature: dict[str, Any], arcs: Arcs | None, path: Path) -> Area:
    """Area from a GeoJSON feature, or from a TopoJSON geometry, which is its own feature."""
    values = {"id": feature.get("id"), **(feature.get("properties") or {})}
    properties = {
        re.sub(r"[^a-z0-9]", "", str(key).casefold()): _clean(value)
        for key, value in values.items()
    }
    geometry = feature if arcs is not None else feature.get("geometry")
    return Area(properties, geometry or {}, arcs, str(path))


def _clean(value: object) -> str:
    """Text of a property on one line, without what UTF-8 cannot write; missing is empty."""
    if value is None or isinstance(value, (dict, list)):
        return ""
    return " ".join(str(value).encode("utf-8", "replace").decode("utf-8").split())


def _polygons(geometry: Mapping[str, Any]) -> Iterator[list[Any]]:
    """Polygons as stored: lists of rings of positions (GeoJSON) or of arc numbers (TopoJSON)."""
    stored = geometry.get("arcs", geometry.get("coordinates"))
    match geometry.get("type"):
        case "Polygon" if stored:
            yield stored
        case "MultiPolygon" if stored:
            yield from stored
        case "GeometryCollection":
            for part in geometry.get("geometries", []):
                yield from _polygons(part)
