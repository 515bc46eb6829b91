"""Small files made on the spot, and the way they are sent."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

Headers = Mapping[str, str]


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A zip of the given members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def zipped_shapefile(path: Path) -> bytes:
    """A shapefile with all its companions, zipped."""
    parts = sorted(path.parent.glob(f"{path.stem}.*"))
    return zipped({part.name: part.read_bytes() for part in parts})


def square(lon: float, lat: float, size: float = 0.001) -> dict[str, Any]:
    """A GeoJSON square with its south-west corner at lon, lat."""
    east, north = lon + size, lat + size
    ring = [[lon, lat], [east, lat], [east, north], [lon, north], [lon, lat]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    """A GeoJSON feature."""
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def geojson(*features: Mapping[str, Any], **members: Any) -> bytes:
    """A FeatureCollection as bytes."""
    body = {"type": "FeatureCollection", "features": list(features), **members}
    return json.dumps(body, ensure_ascii=False).encode()


def send(
    client: TestClient, headers: Headers, name: str, content: bytes, **fields: Any
) -> Response:
    """Upload one file to the parcels layer (or the one given)."""
    data = {"layer": "parcels", **fields}
    return client.post(
        "/api/uploads", files={"file": (name, content)}, data=data, headers=headers
    )


def settled(client: TestClient, headers: Headers, upload: dict[str, Any]) -> Any:
    """The upload once its diagnosis has ended, however slow the machine."""
    for _ in range(600):
        if upload["status"] != "diagnosing":
            return upload
        time.sleep(0.2)
        upload = client.get(f"/api/uploads/{upload['id']}", headers=headers).json()
    raise AssertionError("still diagnosing after two minutes")
