"""What the page's thread is kept at while somebody works, and what it holds by then.

    python -m bench.acts [--plots 100000] [--rounds 3] [--minutes 3]

Over as many parcels, by the hand of a browser: types into the search, opens panels,
switches layers, opens the table of all parcels and scrolls it. For each act the longest
task that the browser reports (only those over 50 ms are, so 0 is what is wanted), how
many there were, and the processor time of the page's thread, which does not depend on
what else runs. Then pans and zooms for some minutes and prints what page and service
hold by then: neither may grow without end.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from playwright.sync_api import CDPSession, Page, sync_playwright

from bench.items import publish
from bench.page import FLAGS, lay_down, opened, visitor
from bench.process import memory, service

WHERE = "/?c=113.2250,23.0650&z=15&l=district,parcels,functional-groups,metro-stations"
TABLE = "/?c=113.2250,23.0650&z=15&l=parcels&sl=parcels"
#: Tasks over 50 ms, as the browser tells of them.
WATCH = """() => {
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longTasks.push(duration);
  }).observe({ type: "longtask" });
}"""
TAKEN = "() => window.longTasks.splice(0)"
STEP_MS = 700
MB = 1 << 20
Act = Callable[[Page], None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plots", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--minutes", type=float, default=3)
    given = parser.parse_args()
    chromium = os.environ.get("ATLAS_CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        publish(Path(name), given.plots)
        lay_down(Path(name))
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        with service(Path(name), 2) as (process, port):
            url = f"http://127.0.0.1:{port}"
            opened(visitor(browser), url)[0].wait_for_timeout(8000)  # what starts later
            for address, acts in ((WHERE, ACTS), (TABLE, TABLE_ACTS)):
                rounds = [
                    kept_at(opened(visitor(browser), url + address)[0], acts)
                    for _ in range(given.rounds)
                ]
                told(acts, rounds)
            page, _ = opened(visitor(browser), url + WHERE)
            endure(page, process, given.minutes)
        browser.close()
    print("\nload average {:.1f} {:.1f} {:.1f}".format(*os.getloadavg()))


def _typed(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("荔湾第12号 huadi", delay=60)


def _used(*tools: str) -> Act:
    def act(page: Page) -> None:
        page.keyboard.press("Escape")
        for tool in tools:
            page.locator(f'#toolbar [data-tool="{tool}"]').click()
            page.wait_for_timeout(STEP_MS)

    return act


def _switched(layer: str) -> Act:
    def act(page: Page) -> None:
        for _ in range(2):
            page.locator(f"#layer-{layer}").click()
            page.wait_for_timeout(STEP_MS)

    return act


def _opened_table(page: Page) -> None:
    page.locator('#toolbar [data-tool="stats"]').click()
    page.locator("#drawer [role=tab]").last.click()
    page.locator("#drawer tbody tr[data-id]").first.wait_for()


def _scrolled(page: Page) -> None:
    page.locator("#drawer tbody tr[data-id]").first.hover()
    for delta in [400] * 12 + [40_000] * 6 + [-40_000] * 6:
        page.mouse.wheel(0, delta)
        page.wait_for_timeout(100)


ACTS: dict[str, Act] = {
    "typing into the search": _typed,
    "statistics, and back": _used("stats", "stats"),
    "drawing, measuring, time": _used("draw", "measure", "select", "time", "time"),
    "parcels off and on": _switched("parcels"),
    "groups off and on": _switched("functional-groups"),
}
TABLE_ACTS: dict[str, Act] = {
    "opening the table of all parcels": _opened_table,
    "scrolling it": _scrolled,
}


def kept_at(page: Page, acts: dict[str, Act]) -> list[tuple[list[float], float]]:
    """The long tasks of each act, and the processor time of the page's thread in ms."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    page.wait_for_timeout(1500)
    page.evaluate(WATCH)
    found = []
    for act in acts.values():
        before = busy_ms(session)
        act(page)
        page.wait_for_timeout(STEP_MS)
        found.append((page.evaluate(TAKEN), busy_ms(session) - before))
    page.context.close()
    return found


def metrics(session: CDPSession) -> dict[str, float]:
    told = session.send("Performance.getMetrics")["metrics"]
    return {each["name"]: each["value"] for each in told}


def busy_ms(session: CDPSession) -> float:
    return metrics(session)["TaskDuration"] * 1000


def told(acts: dict[str, Act], rounds: list[list[tuple[list[float], float]]]) -> None:
    print("\n| act | long tasks | longest ms | page's thread ms |")
    print("|---|---:|---:|---:|")
    for name, each in zip(acts, zip(*rounds, strict=True), strict=True):
        count = median(len(tasks) for tasks, _ in each)
        longest = median(max(tasks, default=0) for tasks, _ in each)
        busy = median(ms for _, ms in each)
        print(f"| {name} | {count:.0f} | {longest:.0f} | {busy:.0f} |")


def endure(page: Page, process: int, minutes: float) -> None:
    """Pan and zoom about the district; what is held, six times on the way."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    print("\n| s | page's heap MB | nodes | listeners | service |")
    print("|---:|---:|---:|---:|---|")
    begun = time.monotonic()
    for part in range(7):
        while time.monotonic() - begun < part * minutes * 10:
            wander(page)
        session.send("HeapProfiler.collectGarbage")
        held = metrics(session)
        counts = f"{held['Nodes']:.0f} | {held['JSEventListeners']:.0f}"
        heap = held["JSHeapUsedSize"] / MB
        took = time.monotonic() - begun
        print(f"| {took:.0f} | {heap:.1f} | {counts} | {memory(process)} |", flush=True)


def wander(page: Page) -> None:
    """A drag, a turn of the wheel in, another drag, and out again."""
    for dx, dy, turn in (
        (220, 90, -400),
        (-260, 60, 400),
        (60, -180, -200),
        (-30, 40, 200),
    ):
        page.mouse.move(720, 450)
        page.mouse.down()
        page.mouse.move(720 + dx, 450 + dy, steps=6)
        page.mouse.up()
        page.mouse.wheel(0, turn)
        page.wait_for_timeout(400)


if __name__ == "__main__":
    main()
