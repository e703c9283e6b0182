"""Areas of countries and provinces read from GeoJSON and TopoJSON files.

Geometry stays in longitude and latitude, degrees on WGS84, rounded to 1e-7 degree (1 cm), so that
neighbours drawn with the same vertices compare equal.
"""

import difflib
import hashlib
import importlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.errors import InputError

Ring = npt.NDArray[np.float64]
"""Vertices of a closed ring: shape (n, 2), longitude and latitude, degrees, last equal to first."""

Polygon = list[Ring]
"""An outer ring followed by its holes."""

# Properties by name, in lower case and letters and digits only. Their order matters: Natural Earth
# leaves ISO_A3 at -99 for France, Norway and others, and its ADM0_A3 has codes of its own for some.
ALPHA_3_KEYS = (
    "isoa3",
    "isoa3eh",
    "iso31661alpha3",
    "iso3",
    "alpha3",
    "a3",
    "cca3",
    "adm0a3",
    "gid0",
)
ALPHA_2_KEYS = ("isoa2", "isoa2eh", "iso31661alpha2", "iso2", "alpha2", "a2", "cca2", "countrya2")
ALPHA_KEYS = (*ALPHA_3_KEYS, "countrya3", "shapegroup", *ALPHA_2_KEYS, "countrycode")
NUMERIC_KEYS = ("ison3", "iso31661numeric", "isonumeric", "ccn3")
NAME_KEYS = ("name", "nameen", "admin", "country", "namelong", "name0", "countryname", "shapename")
COUNTRY_OF_PROVINCE_KEYS = ("country", "admin", "name0", "countryname", "iso31662", "regioncode")
PROVINCE_NAME_KEYS = ("name", "name1", "nameen", "shapename", "region", "iso31662", "regioncode")

# Natural Earth's own alpha-3 codes, where ISO 3166-1 has another code; XKX is the user-assigned
# code for Kosovo that the European Union and the World Bank use.
NATURAL_EARTH_TO_ISO = {
    "ALD": "ALA",
    "KOS": "XKX",
    "PSX": "PSE",
    "SAH": "ESH",
    "SDS": "SSD",
}
# Natural Earth's codes for areas with a land border that ISO 3166-1 does not list.
NAMES_OUTSIDE_ISO = {
    "akrotiri": "WSB",
    "baikonur": "KAB",
    "cyprus u.n. buffer zone": "CNM",
    "dhekelia": "ESB",
    "kosovo": "XKX",
    "n. cyprus": "CYN",
    "northern cyprus": "CYN",
    "siachen glacier": "KAS",
    "somaliland": "SOL",
    "usnb guantanamo bay": "USG",
}


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


@dataclass(frozen=True)
class Country:
    """A country of a file: everything in it under one code.

    Parameters
    ----------
    code : ISO 3166-1 alpha-3, a code that Natural Earth uses, or the name where there is none
    name : as the file gives it
    areas : its features, at least one
    """

    code: str
    name: str
    areas: tuple[Area, ...]

    def polygons(self) -> list[Polygon]:
        """All polygons of the country."""
        return [polygon for area in self.areas for polygon in area.polygons()]


def require_geo() -> None:
    """Raise InputError if the libraries of the optional extra `geo` are not installed."""
    for library in ("shapely", "pyproj", "pycountry"):
        try:
            importlib.import_module(library)
        except ImportError as error:
            raise InputError(
                f"importing a border needs the library {library}, which is not installed",
                remedy="pip install 'bordersim[geo]'",
            ) from error


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


def country_code(area: Area) -> str:
    """Alpha-3 code of a country's area, by its codes, its name or its id; empty if it has none."""
    for key in (*ALPHA_KEYS, "code", "iso", *NUMERIC_KEYS):
        value = area.properties.get(key, "")
        # A number elsewhere is a telephone code or the like.
        if value.isdigit() == (key in NUMERIC_KEYS) and (code := alpha_3(value)):
            return code
    # The id comes last: in many files it only numbers the rows.
    return code_of_name(area.text(NAME_KEYS)) or alpha_3(area.properties.get("id", ""))


def province_country_code(area: Area) -> str:
    """Alpha-3 code of the country a province belongs to; empty if it does not say."""
    for key in ("adm0a3", *ALPHA_KEYS, *COUNTRY_OF_PROVINCE_KEYS, "iso"):
        value = area.properties.get(key, "")
        # The country leads in codes of provinces: VN-22 in ISO 3166-2, VN.QT in HASC.
        code = alpha_3(value) or code_of_name(value) or alpha_3(re.split(r"[-.]", value)[0])
        if code:
            return code
    return ""


@cache
def alpha_3(code: str) -> str:
    """ISO 3166-1 alpha-3 form of an alpha-3, alpha-2 or numeric code; empty if it is none.

    Three capital letters that ISO does not list are taken as they are: user-assigned codes.
    """
    import pycountry

    if re.fullmatch(r"[A-Z]{3}", code):
        return NATURAL_EARTH_TO_ISO.get(code, code)
    if code.upper() == "XK":
        return "XKX"
    if re.fullmatch(r"\d{1,3}", code):
        country = pycountry.countries.get(numeric=code.zfill(3))
    elif re.fullmatch(r"[A-Za-z]{2}", code):
        country = pycountry.countries.get(alpha_2=code.upper())
    elif re.fullmatch(r"[A-Za-z]{3}", code):
        country = pycountry.countries.get(alpha_3=code.upper())
    else:
        country = None
    return str(country.alpha_3) if country else ""


@cache
def code_of_name(name: str) -> str:
    """Code of the country with exactly this English name, whatever its case; empty if unknown."""
    import pycountry

    if len(name) <= 3:
        return ""
    if name.casefold() in NAMES_OUTSIDE_ISO:
        return NAMES_OUTSIDE_ISO[name.casefold()]
    try:
        return str(pycountry.countries.lookup(name).alpha_3)
    except LookupError:
        return ""


def countries_of(shapes: ShapeFile) -> dict[str, Country]:
    """Countries of a file under their codes, in the order of the file.

    Raises
    ------
    InputError : no area of the file has a code
    """
    if not any(country_code(area) for area in shapes.areas):
        raise InputError(
            "no country codes found in the file",
            where=shapes.name,
            remedy="give ISO 3166-1 codes in a property such as ISO_A3, or as the id of each area",
        )
    groups: dict[str, list[Area]] = {}
    for area in shapes.areas:
        code = country_code(area) or area.text(NAME_KEYS)
        if code:
            groups.setdefault(code, []).append(area)
    return {
        code: Country(code, areas[0].text(NAME_KEYS) or _iso_name(code), tuple(areas))
        for code, areas in groups.items()
    }


def find_country(countries: Mapping[str, Country], wanted: str, where: str) -> Country:
    """Country with the code or exactly the name wanted.

    Raises
    ------
    InputError : there is none; names the nearest codes of the file
    """
    for code in (wanted, alpha_3(wanted.strip().upper()), code_of_name(wanted.strip())):
        if code in countries:
            return countries[code]
    for country in countries.values():
        if wanted.strip().casefold() == country.name.casefold():
            return country
    of_name = {country.name.casefold(): code for code, country in countries.items()}
    near = difflib.get_close_matches(wanted.upper(), countries, n=3, cutoff=0.3)
    near += [of_name[name] for name in difflib.get_close_matches(wanted.casefold(), of_name, n=2)]
    hints = ", ".join(f"{code} ({countries[code].name})" for code in dict.fromkeys(near))
    raise InputError(
        f"no country {wanted!r} in the file",
        where=where,
        remedy=f"nearest: {hints}" if hints else "give ISO 3166-1 alpha-3 codes such as VNM",
    )


def _read_json(path: Path) -> tuple[Any, str]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"cannot read the file: {error.strerror or error}",
            where=str(path),
            remedy="check the path",
        ) from error
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


def _iso_name(code: str) -> str:
    import pycountry

    country = pycountry.countries.get(alpha_3=code)
    return str(getattr(country, "common_name", country.name)) if country else code
