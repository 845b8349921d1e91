"""ASGI middleware that limits how many requests to one address are answered at once."""

import asyncio
from contextlib import AsyncExitStack, suppress
from typing import Any

from django.core.handlers.asgi import get_script_prefix


class ConcurrencyLimit:
    """Lets `limit` POST requests to `path` into the application at once; the others wait outside of it.

    A request takes its slot once its body has come, so that a slow client holds none, and frees it when its
    response begins. After max_wait_seconds it goes in without one: then not other requests hold it up, but
    something that waiting does not mend. path: without the prefix under which the site is mounted.
    """

    def __init__(self, app: Any, *, path: str, limit: int, max_wait_seconds: float) -> None:
        self._app = app
        self._path = path
        self._slots = asyncio.Semaphore(limit)
        self._max_wait_seconds = max_wait_seconds

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if not self._is_limited(scope):
            await self._app(scope, receive, send)
            return
        async with AsyncExitStack() as slot:

            async def receive_and_wait() -> Any:
                message = await receive()
                if message["type"] == "http.request" and not message.get("more_body"):
                    with suppress(TimeoutError):
                        async with asyncio.timeout(self._max_wait_seconds):
                            await slot.enter_async_context(self._slots)
                return message

            async def free_and_send(message: Any) -> None:
                await slot.aclose()
                await send(message)

            await self._app(scope, receive_and_wait, free_and_send)

    def _is_limited(self, scope: Any) -> bool:
        if scope["type"] != "http" or scope["method"] != "POST":
            return False
        path: str = scope["path"]
        return path.removeprefix(get_script_prefix(scope)) == self._path
