"""What a measurement was made on: machine, versions, and the state of the code."""

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from measuring import ROOT

PACKAGES = ("bordersim", "numpy", "numba", "mesa", "agentpy")


def machine() -> dict[str, str]:
    """Describe the machine in words."""
    return {
        "CPU": _cpu(),
        "cores": str(os.cpu_count()),
        "RAM": _ram(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def _cpu() -> str:
    """Name the model of the processor, as far as the system tells."""
    told = Path("/proc/cpuinfo")
    if told.exists():
        for line in told.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _ram() -> str:
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return "unknown"
    return f"{size / 2**30:.0f} GiB"


def versions() -> dict[str, str]:
    """Give the versions of Python, of what is measured, and of the code itself."""
    told = {"Python": platform.python_version()}
    for name in PACKAGES:
        try:
            told[name] = version(name)
        except PackageNotFoundError:
            told[name] = "not installed"
    return told | {"commit": _commit()}


def _commit() -> str:
    """Name the commit, and say if files differ from it; "unknown" outside a repository."""
    try:
        commit = _git("rev-parse", "--short=12", "HEAD")
        changed = _git("status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{commit} with changes" if changed else commit


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.strip()
