"""Server-Sent Events, as a browser's EventSource reads them."""

from duels.relay.redis_stream import Event


def encode(event: Event) -> bytes:
    """The bytes of one event; a carriage return, which would end a line, is sent as an HTML reference."""
    identity = f"id: {event.id}\n" if event.id else ""
    lines = "".join(f"data: {line}\n" for line in event.data.replace("\r", "&#13;").split("\n"))
    return f"event: {event.name}\n{identity}{lines}\n".encode()


def retry_after(milliseconds: int) -> bytes:
    """The field that sets the browser's delay before it reconnects."""
    return f"retry: {milliseconds}\n\n".encode()
