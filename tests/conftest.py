"""Make the helpers beside this file importable under pytest's importlib mode; share tests out."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))


def pytest_xdist_auto_num_workers() -> int:
    """Give one process more than there are cores: some tests wait for a page, or for an end."""
    return (os.cpu_count() or 1) + 1
