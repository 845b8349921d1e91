"""Ports of this machine: which are free, which accept connections."""

import errno
import socket

HIGHEST_PORT = 65_535


def free_port(host: str = "127.0.0.1") -> int:
    """A port that nothing listens on, chosen by the system."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def is_free(host: str, port: int) -> bool:
    """Whether a server may listen on this port; raises OSError where none ever may: a host of another
    machine, a port reserved for the administrator."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # As servers do: a port whose last connections are in TIME_WAIT is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            return False
    return True


def first_free_port(host: str, wanted: int) -> int:
    """The wanted port, or the next one that is free; raises OSError when none is left."""
    for port in range(wanted, HIGHEST_PORT + 1):
        if is_free(host, port):
            return port
    raise OSError(errno.EADDRINUSE, f"no free port from {wanted} on")


def accepts_connections(host: str, port: int) -> bool:
    """Whether something accepts connections there."""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False
