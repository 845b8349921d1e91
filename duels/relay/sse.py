"""Server-Sent Events: the bytes that a browser's EventSource reads."""

from duels.relay.redis_stream import Event


def encode(event: Event) -> bytes:
    """One event as bytes; a carriage return, which would end a line here, travels as its HTML reference."""
    identity = f"id: {event.id}\n" if event.id else ""
    lines = "".join(f"data: {line}\n" for line in event.data.replace("\r", "&#13;").split("\n"))
    return f"event: {event.name}\n{identity}{lines}\n".encode()


def retry_after(milliseconds: int) -> bytes:
    """Tells the browser how long to wait before it reconnects."""
    return f"retry: {milliseconds}\n\n".encode()
