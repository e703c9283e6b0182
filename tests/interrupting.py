"""Processes of the command that tests start, and end."""

HEEDING = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
"""Ctrl-C ends it also where the tests run in the background of a shell, which ignores that."""
