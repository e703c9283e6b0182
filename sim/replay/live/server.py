"""Serving the page of a run to browsers on this machine, and to nobody else."""

import logging
import os
import socket
import sys
import warnings
import webbrowser
from importlib import metadata

from packaging.requirements import Requirement

from sim.errors import InputError
from sim.replay.live.desk import Request
from sim.replay.live.model import CLOSING

HOST = "127.0.0.1"

SETTINGS = {
    "SOLARA_APP": "sim.replay.live.page:Page",
    "SOLARA_MODE": "production",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_ASSETS_PROXY": "true",
    # Nothing is asked for beyond this machine: what is not installed is not found.
    "SOLARA_ASSETS_CDN": f"http://{HOST}:9/",
    # A window that was closed without a word keeps its run for so long.
    "SOLARA_KERNEL_CULL_TIMEOUT": "10m",
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_CHECK_HOOKS": "off",  # Solara finds fault with a component of Mesa 3.3 itself
}


def lacking() -> list[str]:
    """Give what the extra `play` asks for and is not installed, or not in a version that fits."""
    found = []
    for told in metadata.requires("bordersim") or ():
        need = Requirement(told)
        if need.marker is None or need.marker.evaluate({"extra": ""}):
            continue  # needed with or without the extra
        if not need.marker.evaluate({"extra": "play"}):
            continue
        try:
            fits = need.specifier.contains(metadata.version(need.name), prereleases=True)
        except metadata.PackageNotFoundError:
            fits = False
        if not fits:
            found.append(f"{need.name}{need.specifier}")
    return found


def free_port(port: int) -> int:
    """Check that nobody else listens at a port of this machine; 0 finds one.

    Raises
    ------
    InputError : it is in use, or may not be used
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise InputError(
                f"port {port} cannot be used: {error.strerror}",
                where="--port",
                remedy=f"another, as --port {port + 1}, or 0 for any that is free",
            ) from None
        return int(probe.getsockname()[1])


def serve(request: Request, port: int, open_browser: bool) -> None:
    """Serve pages until the user ends it by Ctrl-C.

    Parameters
    ----------
    request : what each page makes a run of its own from
    port : 0 for any that is free
    open_browser : whether to open a page

    Raises
    ------
    InputError : the extra `play` is not installed, or the port cannot be used
    """
    missing = lacking()
    if missing:
        raise InputError(
            f"needs {', '.join(missing)}", where="play", remedy="pip install 'bordersim[play]'"
        )
    port = free_port(port)
    os.environ.update(SETTINGS)
    from solara.server.starlette import ServerStarlette

    from sim.replay.live import page

    page.request = request
    # A hint for pages within other pages, which these are not.
    warnings.filterwarnings("ignore", "Cookies with samesite=none", UserWarning)
    server = ServerStarlette(host=HOST, port=port, log_level="warning")
    server.serve_threaded()
    server.wait_until_serving()
    print(f"{server.base_url}  (Ctrl-C ends)", flush=True)
    if open_browser:
        webbrowser.open(server.base_url)
    try:
        while not server.stopped.wait(0.5):
            pass
    except KeyboardInterrupt:
        pass
    finally:
        CLOSING.set()
        # That windows were still open, and cannot be told of the last shift, is no error.
        for name in ("uvicorn.error", "solara"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        server.stop_serving()
    print("bordersim: stopped", file=sys.stderr)
