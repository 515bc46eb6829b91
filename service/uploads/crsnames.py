"""What the registry's names of coordinate systems are in Chinese."""

from __future__ import annotations

import re

_WORDS = (
    (r"China Geodetic Coordinate System 2000", "2000 国家大地坐标系"),
    (r"Beijing 1954", "1954 北京坐标系"),
    (r"(?:New )?Xian 1980", "1980 西安坐标系"),
    (r" / (\d)-degree Gauss-Kruger zone (\d+)", r" \1°分带第 \2 带"),
    (r" / (\d)-degree Gauss-Kruger CM (\d+)E", r" \1°分带，中央经线 \2°E，无带号"),
    (r" / Gauss-Kruger zone (\d+)", r" 6°分带第 \1 带"),
    (r" / Gauss-Kruger CM (\d+)E", r" 6°分带，中央经线 \1°E，无带号"),
    (r" / UTM zone (\d+)([NS])", r" UTM \1\2 带"),
    (r" / Pseudo-Mercator", " 网络墨卡托"),
)


def in_chinese(name: str) -> str:
    """The name as Chinese surveyors say it; one that is not known stays."""
    for said, instead in _WORDS:
        name = re.sub(said, instead, name)
    return name
