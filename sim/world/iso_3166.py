"""Country codes of ISO 3166-1, and of the borders of this world that it does not list."""

import re
from functools import cache

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


def iso_name(code: str) -> str:
    """Short English name of the country with an alpha-3 code; the code itself if ISO lists none."""
    import pycountry

    country = pycountry.countries.get(alpha_3=code)
    return str(getattr(country, "common_name", country.name)) if country else code
