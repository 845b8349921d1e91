"""Cost of a duel in the visitor's browser: CPU of the renderer process of a headless Chromium."""

import os

import psutil
from playwright.sync_api import Browser, sync_playwright

from tests.bench.load import Pace
from tests.services import browser as chromium

TIMEOUT_SECONDS = 60  # beyond what the models take


def renderer_cpu_seconds(web_port: int, pace: Pace) -> float:
    """From the open home page to the vote form."""
    with sync_playwright() as playwright, playwright.chromium.launch(**chromium.launch_options()) as browser:
        return _of_one_duel(browser, f"http://localhost:{web_port}", pace)


def _of_one_duel(browser: Browser, site: str, pace: Pace) -> float:
    proxied = {"X-Forwarded-Proto": "https"}
    with browser.new_context(base_url=site, extra_http_headers=proxied) as context:
        page = context.new_page()
        page.goto("/")
        before = _renderers()
        page.locator("[name=prompt]").fill(pace.prompt())
        page.locator("[name=prompt]").evaluate("field => field.form.requestSubmit()")
        page.locator("[name=choice]").first.wait_for(
            state="attached", timeout=(pace.seconds + TIMEOUT_SECONDS) * 1000
        )
        after = _renderers()
        return sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())


def _renderers() -> dict[int, float]:
    """CPU-seconds of each renderer of a page that we have started; the browser's own bars have one, too."""
    family = psutil.Process(os.getpid()).children(recursive=True)
    commands = {process: process.cmdline() for process in family}
    renderers = [process for process, command in commands.items() if is_of_a_page(command)]
    return {process.pid: sum(process.cpu_times()[:2]) for process in renderers}


def is_of_a_page(command: list[str]) -> bool:
    return "--type=renderer" in command and "--top-chrome-webui" not in command
