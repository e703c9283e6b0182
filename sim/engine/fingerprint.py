"""A hash of source texts, so that what was made by other code is never taken for its own."""

import hashlib
from pathlib import Path

_HOME = Path(__file__).parents[1]


def sources_sha256(*patterns: str, but: str = "") -> str:
    """Hash the texts of modules of this package.

    Parameters
    ----------
    patterns : which, as globs from the folder of the package
    but : folder whose modules are left out, from the folder of the package

    Returns
    -------
    64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    files = {file for pattern in patterns for file in _HOME.glob(pattern)}
    for file in sorted(files):
        name = file.relative_to(_HOME)
        if not (but and name.is_relative_to(but)):
            digest.update(name.as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
