"""The errors of every room share one root, so that HTTP can render any of them.

BilingualError
  GeoError          geometry, CRS, bbox (this room)
  LayerError        catalogue, schema (layers/errors.py)
  ServiceError      everything else (service/errors.py)
"""

from __future__ import annotations

from typing import Any


class BilingualError(Exception):
    """An error a person can act on, told in English and Chinese.

    ``detail`` says what is wrong, where, and what to do. ``extra`` are further
    members of the RFC 9457 problem body (``parameter``, ``problems`` …).
    """

    def __init__(self, detail: str, detail_zh: str, **extra: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.detail_zh = detail_zh
        self.extra = extra


class GeoError(BilingualError):
    """Base of what the geometry room refuses."""


class InvalidBbox(GeoError):
    """A bbox that is malformed, not finite, inverted or out of range."""


class UnknownCrs(GeoError):
    """A CRS that we do not read or write."""


class InvalidGeometry(GeoError):
    """A geometry that cannot be used as given."""
