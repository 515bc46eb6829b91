"""Schemathesis over everything the OpenAPI document describes, reads and writes, on a
service of its own with something in it.

    python tests/conformance/fuzz.py --seconds 120 --seed 4

A failure prints its curl command. ``--serve`` starts the same service and waits, to
repeat one; ``X-Fuzz-Role`` in the command says whose token to send, and the tokens are
printed. ``ATLAS_STORE`` chooses the store; without it, a GeoPackage.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2 as httpx

ROOT = Path(__file__).resolve().parents[2]
CHECKS = Path(__file__).with_name("fuzz_checks.py")
ADMINISTRATOR = "fuzz-administrator"
#: What a description cannot say: two parameters that exclude one another, a text in
#: CQL2. Positive cases are refused for such reasons, so acceptance is not asked for.
WANTED = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance,response_headers_conformance,"
    "missing_required_header,success_is_described,problems_speak_both_languages"
)


def main() -> int:
    """Run schemathesis; its exit status."""
    asked = _asked()
    with tempfile.TemporaryDirectory(prefix="atlas-fuzz-") as name:
        folder = Path(name)
        with _service(folder) as url:
            world = folder / "world.json"
            world.write_text(json.dumps(_furnish(url)))
            if asked.serve:
                print(f"{url}/api\n{world.read_text()}", flush=True)
                time.sleep(asked.seconds)
                return 0
            print(f"Seed {asked.seed}, {asked.seconds} s, {url}", flush=True)
            return _run(url, asked, world)


def _asked() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--seconds", type=int, default=120)
    words.add_argument("--seed", type=int, default=4)
    words.add_argument("--serve", action="store_true")
    return words.parse_args()


def _run(url: str, asked: argparse.Namespace, world: Path) -> int:
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run"),
        f"{url}/api/openapi.json",
        *("--phases", "examples,coverage,fuzzing,stateful"),
        *("--checks", WANTED, "--max-time", str(asked.seconds)),
        *("--seed", str(asked.seed), "--no-shrink", "--continue-on-failure"),
        *("--suppress-health-check", "all", "--generation-database", "none"),
        *("--request-timeout", "60", "--warnings", "off", "--no-color"),
        *("--output-sanitize", "false"),
    ]
    environment = os.environ | {
        "SCHEMATHESIS_HOOKS": str(CHECKS),
        "ATLAS_FUZZ_WORLD": str(world),
    }
    return subprocess.run(command, env=environment, cwd=world.parent).returncode


@contextmanager
def _service(folder: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    environment = os.environ | {
        "ATLAS_DATA_DIR": str(folder),
        "ATLAS_ADMIN_TOKEN": ADMINISTRATOR,
        "ATLAS_ACCESS_LOG": "0",
    }
    command = [sys.executable, "-m", "service.cli", "serve", "--port", port]
    with subprocess.Popen(command, env=environment, cwd=ROOT) as process:
        url = f"http://127.0.0.1:{port}"
        try:
            _wait_for(url, process)
            yield url
        finally:
            process.terminate()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{url}/api/ready").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    sys.exit("The service did not start.")


# -- what is there to be found -----------------------------------------------------
def _furnish(url: str) -> dict[str, Any]:
    """People, parcels in two versions, an upload, changesets: their names by kind."""
    client = httpx.Client(base_url=f"{url}/api", timeout=60)
    tokens = {"admin": ADMINISTRATOR}
    for role in ("viewer", "editor", "reviewer"):
        made = _post(
            client, "/tokens", "admin", tokens, json={"name": role, "role": role}
        )
        tokens[role] = made["token"]
    spare = {"name": "spare", "role": "viewer"}
    token_ids = [_post(client, "/tokens", "admin", tokens, json=spare)["id"]]
    changesets = [
        _propose(client, tokens, name) for name in ("a/b", "地块 1", "c", "d")
    ]
    for id in changesets[:2]:
        _post(client, f"/changesets/{id}/approve", "reviewer", tokens)
    return {
        "tokens": tokens,
        "ids": {
            "items": ["a/b", "地块 1", "vil-08-huadi", "sta-xilang"],
            "changesets": changesets,
            "uploads": [_upload(client, tokens)],
            "tokens": token_ids,
            "documents": [
                d["id"] for d in client.get("/documents").json()["documents"]
            ],
        },
    }


def _propose(client: httpx.Client, tokens: dict[str, str], id: str) -> str:
    url = "/collections/parcels/items"
    return str(_post(client, url, "editor", tokens, json=_parcel(id))["id"])


def _upload(client: httpx.Client, tokens: dict[str, str]) -> str:
    body = {"type": "FeatureCollection", "features": [_parcel("e")]}
    files = {"file": ("e.geojson", json.dumps(body))}
    sent = {"data": {"layer": "parcels", "crs": "CRS84"}, "files": files}
    return str(_post(client, "/uploads", "editor", tokens, **sent)["id"])


def _post(
    client: httpx.Client, url: str, role: str, tokens: dict[str, str], **sent: Any
) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {tokens[role]}"}
    answer = client.post(url, headers=headers, **sent)
    if not answer.is_success:
        sys.exit(f"{url}: {answer.text}")
    return dict(answer.json())


def _parcel(id: str) -> dict[str, Any]:
    west = 113.2 + sum(id.encode()) % 89 / 1000
    ring = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    corners = [[west + x / 2000, 23.08 + y / 2000] for x, y in ring]
    geometry = {"type": "Polygon", "coordinates": [corners]}
    properties = {"name_zh": id, "landuse_code": "0701"}
    return {"type": "Feature", "id": id, "geometry": geometry, "properties": properties}


if __name__ == "__main__":
    sys.exit(main())
