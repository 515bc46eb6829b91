"""What a feature without a name goes by: its parcel code, else its land use."""

from __future__ import annotations

from collections.abc import Iterator

from service.statistics.amounts import plain_list
from service.statistics.reading import Reading

GOES_BY = ("parcel_code", "landuse_code", "landuse_scheme")


def goes_by(reading: Reading) -> Iterator[dict[str, str]]:
    """Of each row what it has of these."""
    columns = (plain_list(reading.column(name)) for name in GOES_BY)
    for row in zip(*columns, strict=True):
        told = zip(GOES_BY, row, strict=True)
        yield {name: value for name, value in told if value}
