"""liwan-atlas beside other servers, on the same data, in one run.

python -m bench.peers prepare --work DIR     data, database, configurations
python -m bench.peers run --work DIR         the tables, as Markdown
python -m bench.peers cold --work DIR        first answer and memory
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from string import Template

from bench.peers import data
from bench.peers.load import WORKLOADS, Load, check, load, offers, paths, settle
from bench.peers.servers import HERE, Running, Server, read_servers, running

ROOT = HERE.parent.parent
PAUSE_S = 20
PEERS = ("tipg", "pygeoapi", "mapserver", "qgis")


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.peers", description=__doc__)
    parser.add_argument("step", choices=("prepare", "run", "cold"))
    parser.add_argument("--work", type=Path, default=Path("/tmp/atlas-peers"))
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--servers", default=",".join(("ours", *PEERS)))
    parser.add_argument("--workloads", default=",".join(WORKLOADS))
    options = parser.parse_args()
    # Ended from outside, it still ends what it started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    compile_ours()
    {"prepare": prepare, "run": run, "cold": cold}[options.step](options)


def compile_ours() -> None:
    """As set-up leaves us, and as the peers' packages are: not parsed at each start."""
    rooms = ("geo", "layers", "service")
    subprocess.run([sys.executable, "-m", "compileall", "-qq", *rooms], cwd=ROOT)


def words(options: argparse.Namespace) -> dict[str, str]:
    work = options.work
    return {
        "work": str(work),
        "venv": str(work / "venv"),
        "python": sys.executable,
        "workers": str(options.workers),
        "port": str(data.PORT),
        "database": f"host=127.0.0.1 port={data.PORT} dbname=atlas user=postgres",
        "url": f"postgresql://postgres@127.0.0.1:{data.PORT}/atlas",
    }


def prepare(options: argparse.Namespace) -> None:
    work: Path = options.work
    (work / "ours").mkdir(parents=True, exist_ok=True)
    work.chmod(0o755)
    parcels = data.make_parcels()
    data.write_geopackage(parcels, work / "parcels.gpkg")
    data.load_ours(parcels, work / "ours")
    data.save(data.make_truth(parcels), work / "truth.json")
    bounds = [round(float(v), 7) for v in data.extent(parcels)]
    filled = words(options) | {
        "extent": " ".join(map(str, bounds)),
        "bounds": ", ".join(map(str, bounds)),
    }
    for template in (HERE / "conf").iterdir():
        text = Template(template.read_text(encoding="utf-8")).substitute(filled)
        (work / template.name).write_text(text, encoding="utf-8")
    with database(work):
        data.load_postgis(work / "parcels.gpkg", words(options)["database"])
        _peer_environment(work)


def _peer_environment(work: Path) -> None:
    """The peers' own Python packages, apart from ours; and what they generate."""
    if not (work / "venv").exists():
        subprocess.run([sys.executable, "-m", "venv", work / "venv"], check=True)
        pip = [work / "venv/bin/pip", "install", "-q"]
        wanted = (HERE / "requirements.txt").read_text().split()
        subprocess.run([*pip, *wanted], check=True)
    offscreen = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(work)}
    qgis = ["/usr/bin/python3", work / "qgis_project.py"]
    subprocess.run(qgis, check=True, env=offscreen)
    generate = [work / "venv/bin/pygeoapi", "openapi", "generate", "pygeoapi.yml"]
    generate += ["--output-file", "pygeoapi.openapi.yml"]
    subprocess.run(generate, check=True, cwd=work)


@contextmanager
def database(work: Path):
    """PostgreSQL with PostGIS, tuned for a machine of this size."""
    script = ROOT / "scripts" / "postgis.sh"
    tuning = f"-c listen_addresses=127.0.0.1 -c port={data.PORT}"
    tuning += " -c shared_buffers=2GB -c work_mem=64MB -c random_page_cost=1.1"
    environment = {**os.environ, "POSTGIS_OPTIONS": tuning, "PGPORT": str(data.PORT)}
    verb = "resume" if (work / "postgis" / "data").exists() else "start"
    subprocess.run([script, verb, work / "postgis"], check=True, env=environment)
    try:
        yield
    finally:
        subprocess.run([script, "pause", work / "postgis"], check=True)


def run(options: argparse.Namespace) -> None:
    truth = json.loads((options.work / "truth.json").read_text())
    with ExitStack() as stack:
        stack.enter_context(database(options.work))
        servers = [one.server for one in _start(options, truth, stack)]
        _wake(servers, truth)
        for workload in options.workloads.split(","):
            offered = [one for one in servers if offers(one, workload)]
            _measure(workload, offered, truth[workload], options)


def _wake(servers: list[Server], truth: dict) -> None:
    """Every process of every server has answered every kind of request once, and has
    had the time to prepare what it likes to."""
    for one in servers:
        for workload in filter(partial(offers, one), WORKLOADS):
            load(one, paths(one, workload, truth[workload][:1]), 8, 1)
    time.sleep(PAUSE_S)


def _start(options: argparse.Namespace, truth: dict, stack: ExitStack) -> list[Running]:
    known = read_servers(words(options))
    log = options.work / "logs"
    log.mkdir(exist_ok=True)
    stack.enter_context(running(known["nginx"], log / "nginx"))
    started = []
    for server in (known[name] for name in options.servers.split(",")):
        until = server.path("one", truth["one"][0])
        one = running(server, log / server.name, until=until)
        started.append(stack.enter_context(one))
    return started


def _measure(
    workload: str,
    servers: list[Server],
    requests: list[dict],
    options: argparse.Namespace,
) -> None:
    checked = {one.name: check(one, workload, requests) for one in servers}
    found: dict[tuple[str, int], list[Load]] = {}
    for turn in range(options.rounds):
        for one in servers[turn % len(servers) :] + servers[: turn % len(servers)]:
            asked = paths(one, workload, requests)
            for connections in (8, 32):
                settle(one, asked[0], checked[one.name][1])
                made = load(one, asked, connections, options.seconds)
                found.setdefault((one.name, connections), []).append(made)
    _print(workload, servers, checked, found)


def _print(
    workload: str,
    servers: list[Server],
    checked: dict[str, tuple[int, float]],
    found: dict[tuple[str, int], list[Load]],
) -> None:
    print(f"\n### {workload}\n\nLoad average {os.getloadavg()[0]:.1f}.\n")
    print("| server | wrong | alone ms | 8: req/s | p50 ms | p99 ms | 32: req/s |"
          " p50 ms | p99 ms | errors |")  # fmt: skip
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for one in servers:
        wrong, alone = checked[one.name]
        cells = [one.title, f"{wrong}", f"{alone:.1f}"]
        for connections in (8, 32):
            loads = found[one.name, connections]
            cells += [
                f"{median(made.per_second for made in loads):.0f}",
                f"{median(made.p50_ms for made in loads):.1f}",
                f"{median(made.p99_ms for made in loads):.1f}",
            ]
        errors = sum(m.errors for c in (8, 32) for m in found[one.name, c])
        print("|", " | ".join([*cells, str(errors)]), "|", flush=True)


def cold(options: argparse.Namespace) -> None:
    """From starting the command to the first right feature; memory after a load."""
    truth = json.loads((options.work / "truth.json").read_text())
    known = read_servers(words(options))
    log = options.work / "logs"
    log.mkdir(exist_ok=True)
    heads = ("server", "first answer s", "then a z14 tile ms", "idle MB")
    print("|", " | ".join((*heads, "loaded MB", "own MB")), "|")
    print("|---|---:|---:|---:|---:|---:|")
    with database(options.work), running(known["nginx"], log / "nginx"):
        for name in options.servers.split(","):
            _cold(known[name], truth, options, log / name)


def _cold(server: Server, truth: dict, options: argparse.Namespace, log: Path) -> None:
    first, tile, idle, after, own = [], [], [], [], []
    until = server.path("one", truth["one"][0])
    asked = paths(server, "items100", truth["items100"])
    for _ in range(options.rounds):
        with running(server, log, until=until) as started:
            first.append(started.first_answer_s)
            idle.append(started.memory_mb())
            load(server, asked, 8, options.seconds)
            after.append(started.memory_mb())
            own.append(started.memory_mb(own=True))
            if offers(server, "tile14"):
                tile.append(check(server, "tile14", truth["tile14"][:1])[1])
    cells = [f"{median(first):.2f}", f"{median(tile):.0f}" if tile else "–"]
    cells += [f"{median(values):.0f}" for values in (idle, after, own)]
    print("|", " | ".join([server.title, *cells]), "|", flush=True)


if __name__ == "__main__":
    main()
