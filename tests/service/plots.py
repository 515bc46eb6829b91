"""Parcels side by side, to be proposed and published."""

from __future__ import annotations

from typing import Any

from tests.service.uploads.files import feature, square

WEST, SOUTH = 113.235, 23.09


def parcel(id: str, step: int = 0, **properties: Any) -> dict[str, Any]:
    shape = square(WEST + step * 0.002, SOUTH)
    return feature(shape, id=id, parcel_code=id, **properties)
