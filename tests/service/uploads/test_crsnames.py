"""Names of coordinate systems in Chinese."""

import re

import pytest
from pyproj import CRS

from geo.crs import READABLE
from service.uploads.crsnames import in_chinese


@pytest.mark.parametrize("epsg", sorted({crs.epsg for crs in READABLE}))
def test_every_readable_system_has_a_chinese_name(epsg: int) -> None:
    assert not re.search("zone|degree|Mercator|System", in_chinese(CRS(epsg).name))


def test_a_zone_is_told_apart_from_a_plane_without_one() -> None:
    assert in_chinese(CRS(4526).name) == "CGCS2000 3°分带第 38 带"
    assert in_chinese(CRS(4547).name) == "CGCS2000 3°分带，中央经线 114°E，无带号"
