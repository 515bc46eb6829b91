"""The page in a browser: its first view, what it weighs, and how it pans.

    python -m bench.page [--plots 100000] [--rounds 5]

Starts the service on the layers as shipped, and once more with as many parcels, opens
the page of each in turns in Chromium (ATLAS_CHROMIUM, else the one on the PATH) without
a cache and with one, and drags the map in a circle for some seconds over the parcels.
Prints medians:

first view   from asking for the page until every layer that is on is drawn, names
             and the last large tile too, and painted; 1440 x 900, the whole district
times        that of the parcels' page by that of the page as shipped, round by round:
             what other programs take from the machine they take from both
after start  the first view of a process that has just begun, 0, 2 and 4 s later
payload      bytes sent, compressed, by kind; JavaScript of our own beside its limit
moving       frames a second, and the share of frames that came late

The page is the joined one if set-up has joined what lies in static/ (`make run`).
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.items import publish
from bench.process import service
from service.app import make_atlas
from service.settings import Settings
from service.statistics.plates import new_plates
from service.stores import open_store
from service.tiles import new_tiles

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZE = {"width": 1440, "height": 900}
OUR_SCRIPTS_KB = 300
AFTER_START_S = (0, 2, 4)
LATE_MS = 25.0  # one frame of sixty a second, and half of the next
#: The page's own mark: every layer that is on has come, nothing waits to be drawn, and
#: what was drawn last has been painted.
DRAWN = """async () => {
  const mark = () => performance.getEntriesByName("layers-drawn")[0]?.startTime;
  while (!mark()) await new Promise((go) => setTimeout(go, 4));
  return mark();
}"""
#: Addresses, and the bytes that were sent for each.
SENT = """() => ["navigation", "resource"]
  .flatMap((type) => performance.getEntriesByType(type))
  .map((entry) => [entry.name, entry.encodedBodySize])"""
#: Drags as a hand does, one event a frame, and returns the frames' lengths in ms.
DRAG = """async ([seconds, radius]) => {
  const map = document.getElementById("map");
  const box = map.getBoundingClientRect();
  const middle = [box.x + box.width / 2, box.y + box.height / 2];
  const send = (type, target, x, y) => target.dispatchEvent(new MouseEvent(type, {
    clientX: x, clientY: y, bubbles: true, cancelable: true, button: 0, buttons: 1,
  }));
  const frames = [];
  const place = (angle) => [middle[0] + radius * Math.cos(angle) - radius,
    middle[1] + radius * Math.sin(angle)];
  send("mousedown", map.querySelector(".leaflet-map-pane").parentElement, ...place(0));
  const start = performance.now();
  let before = start;
  await new Promise((done) => {
    const step = (now) => {
      frames.push(now - before);
      before = now;
      send("mousemove", document, ...place(((now - start) / 1000) * 1.6));
      if (now - start < seconds * 1000) requestAnimationFrame(step);
      else done();
    };
    requestAnimationFrame(step);
  });
  send("mouseup", document, ...place(0));
  return frames.slice(2);
}"""

#: Turns the wheel four notches in and four out, a notch every 150 ms.
WHEEL = """async ([seconds]) => {
  const map = document.getElementById("map");
  const box = map.getBoundingClientRect();
  const place = { clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 };
  const frames = [];
  const start = performance.now();
  let before = start;
  let turned = 0;
  await new Promise((done) => {
    const step = (now) => {
      frames.push(now - before);
      before = now;
      if ((now - start) / 150 > turned) {
        const deltaY = turned % 8 < 4 ? -100 : 100;
        map.dispatchEvent(new WheelEvent("wheel", { ...place, deltaY, bubbles: true,
          cancelable: true }));
        turned += 1;
      }
      if (now - start < seconds * 1000) requestAnimationFrame(step);
      else done();
    };
    requestAnimationFrame(step);
  });
  return frames.slice(2);
}"""
#: A plot near the place that is shown.
CHOSEN = "/f/parcels/p0050150"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plots", type=int, default=100_000, help="0: as shipped")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=6.0)
    given = parser.parse_args()
    chromium = os.environ.get("ATLAS_CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folders = {"as shipped": Path(name) / "shipped"}
        folders["as shipped"].mkdir()
        if given.plots:
            large = folders[f"with {given.plots:,} parcels"] = Path(name) / "large"
            large.mkdir()
            publish(large, given.plots)
            lay_down(large)
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        with ExitStack() as services:
            urls = {
                what: services.enter_context(page_over(folder))
                for what, folder in folders.items()
            }
            first_view(browser, urls, given.rounds)
            url = list(urls.values())[-1]
            payload(browser, url)
            if given.plots:
                panning(browser, url, given)
        after_start(browser, folders, given.rounds)
        browser.close()
    print("\nload average {:.1f} {:.1f} {:.1f}".format(*os.getloadavg()))


def lay_down(folder: Path) -> None:
    """What publishing through the service makes beside the version: plates, and what a
    large layer looks like from afar (`atlas import`)."""
    settings = Settings(data_dir=folder, admin_token="bench-token-of-no-one")
    store = open_store(settings.store_url)
    atlas = make_atlas(settings, store)
    plates, tiles = new_plates(atlas), new_tiles(atlas)
    for id, number in store.current_versions().items():
        plates.begin(id, number)
        tiles.shelve(atlas.catalogue.get(id), store.version(id, number), _untold)
    plates.settle()
    plates.close()
    store.close()


def _untold(done: int, of: int) -> None:
    """Nobody looks at the steps."""


@contextmanager
def page_over(folder: Path) -> Iterator[str]:
    """The address of a service over the data in a folder."""
    with service(folder, 2) as (_, port):
        yield f"http://127.0.0.1:{port}"


def visitor(browser: Browser) -> BrowserContext:
    """A browser that has never been here."""
    return browser.new_context(viewport=SIZE, service_workers="block")


def opened(context: BrowserContext, address: str) -> tuple[Page, float]:
    page = context.new_page()
    page.goto(address)  # and no looking at the page, which would make it lay itself out
    return page, float(page.evaluate(DRAWN))


def first_view(browser: Browser, urls: dict[str, str], rounds: int) -> None:
    """Cold: nothing kept. Again: the same visitor, another page. The services take
    turns."""
    times: dict[tuple[str, str], list[float]] = {
        (what, which): [] for what in urls for which in ("cold", "again")
    }
    for _ in range(rounds + 1):
        for what, url in urls.items():
            context = visitor(browser)
            for which in ("cold", "again"):
                page, took = opened(context, f"{url}/")
                times[what, which].append(took)
                page.close()
            context.close()
    print("| first view | | median ms | shortest ms | longest ms | times |")
    print("|---|---|---:|---:|---:|---:|")
    least = next(iter(urls))
    for (what, which), taken in times.items():
        kept = taken[1:]  # the first round also starts the browser's own parts
        pairs = zip(kept, times[least, which][1:], strict=True)
        ratio = median(one / other for one, other in pairs)
        figures = " | ".join(f"{f(kept):.0f}" for f in (median, min, max))
        print(f"| {what} | {which} | {figures} | {ratio:.2f} |")


def after_start(browser: Browser, folders: dict[str, Path], rounds: int) -> None:
    """The first view of whoever opens the page so soon after the service has started:
    each time another process."""
    print("\n| first view after a start | s later | median ms | shortest | longest |")
    print("|---|---:|---:|---:|---:|")
    for what, folder in folders.items():
        for later in AFTER_START_S:
            taken = []
            for _ in range(rounds):
                with page_over(folder) as url:
                    time.sleep(later)
                    context = visitor(browser)
                    taken.append(opened(context, f"{url}/")[1])
                    context.close()
            figures = " | ".join(f"{f(taken):.0f}" for f in (median, min, max))
            print(f"| {what} | {later} | {figures} |")


def payload(browser: Browser, url: str) -> None:
    """What the first view brings, compressed as it was sent."""
    context = visitor(browser)
    page, _ = opened(context, f"{url}/")
    sizes: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for address, size in page.evaluate(SENT):
        kind = kind_of(address, url)
        sizes[kind] += size
        counts[kind] += 1
    print("\n| payload | requests | KB |\n|---|---:|---:|")
    for kind, size in sizes.most_common():
        print(f"| {kind} | {counts[kind]} | {size / 1000:.0f} |")
    ours = sizes["our scripts"] / 1000
    print(f"\nour scripts: {ours:.0f} KB of {OUR_SCRIPTS_KB} KB")
    context.close()


def kind_of(address: str, url: str) -> str:
    """Whose a file is, and what it is for."""
    path = address.removeprefix(url).partition("?")[0]
    if path.startswith(("/static/vendor/", "/static/built/leaflet")):
        return "fonts" if path.endswith("woff2") else "libraries"
    if path.startswith("/static/"):
        return "our scripts" if path.endswith(".js") else "our styles and marks"
    return "data" if path.startswith("/api/") else "the page"


def panning(browser: Browser, url: str, given: argparse.Namespace) -> None:
    """Over the parcels at the scale of a village and of a street; with names, a chosen
    feature and its details; and the wheel turned in and out."""
    print("\n| moving | zoom | frames/s | median ms | p95 ms | longest ms | late |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    layers = "l=district,parcels,functional-groups,metro-lines"
    named = f"{layers},old-villages,metro-stations,industrial-parks"
    drag, wheel = (DRAG, [given.seconds, 260]), (WHEEL, [given.seconds])
    for what, zoom, path, shown, (script, how) in (
        ("dragged", 14, "/", layers, drag),
        ("dragged", 16, "/", layers, drag),
        ("dragged", 17, "/", layers, drag),
        ("dragged, names, one chosen", 14, CHOSEN, named, drag),
        ("dragged, names, one chosen", 16, CHOSEN, named, drag),
        ("wheel, names, one chosen", 15, CHOSEN, named, wheel),
    ):
        context = visitor(browser)
        address = f"{url}{path}?c=113.2250,23.0650&z={zoom}&{shown}"
        page, _ = opened(context, address)
        page.wait_for_timeout(500)
        frames = sorted(page.evaluate(script, how))
        rate = 1000 * len(frames) / sum(frames)
        late = sum(frame > LATE_MS for frame in frames) / len(frames)
        p95 = frames[int(len(frames) * 0.95)]
        lengths = f"{median(frames):.1f} | {p95:.1f} | {frames[-1]:.0f}"
        print(f"| {what} | {zoom} | {rate:.1f} | {lengths} | {late:.1%} |")
        context.close()


if __name__ == "__main__":
    main()
