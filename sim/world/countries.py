"""The countries that the areas of a file make up, told by their codes, names or ids."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from sim.errors import InputError
from sim.world.iso_3166 import alpha_3, code_of_name, iso_name
from sim.world.shapes import Area, Polygon, ShapeFile

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
        code: Country(code, areas[0].text(NAME_KEYS) or iso_name(code), tuple(areas))
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
