"""Screen colours derived from the standard's: same hue, calmer, light and dark.

The standard's colours are for statutory drawings; at full strength they drown
everything else on a screen. OKLab/OKLCH after B. Ottosson (2020).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from layers.classification import Rgb


@dataclass(frozen=True, slots=True)
class Lch:
    """Lightness 0–1, chroma, hue in degrees."""

    lightness: float
    chroma: float
    hue: float


@dataclass(frozen=True, slots=True)
class Tints:
    """``#RRGGBB`` fills and edges for the two themes."""

    standard: str
    light_fill: str
    light_edge: str
    dark_fill: str
    dark_edge: str


@lru_cache(1024)
def tints(rgb: Rgb) -> Tints:
    """The screen colours of a class from its standard colour."""
    base = _without_green_cast(to_lch(rgb))
    light = Lch(
        min(0.90 + 0.14 * (base.lightness - 0.7), 0.955),
        min(0.32 * base.chroma, 0.076),
        base.hue,
    )
    dark = Lch(
        0.385 + 0.14 * (base.lightness - 0.7), min(0.28 * base.chroma, 0.066), base.hue
    )
    return Tints(
        standard=as_hex(rgb),
        light_fill=as_hex(to_rgb(light)),
        light_edge=as_hex(to_rgb(_edge(light, -0.13, 1.05))),
        dark_fill=as_hex(to_rgb(dark)),
        dark_edge=as_hex(to_rgb(_edge(dark, 0.10, 1.1))),
    )


def as_hex(rgb: Rgb) -> str:
    """``#RRGGBB``."""
    return "#{:02X}{:02X}{:02X}".format(*rgb)


def to_lch(rgb: Rgb) -> Lch:
    """8-bit sRGB to OKLCH."""
    r, g, b = (_linear(value / 255) for value in rgb)
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    medium = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b_ = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return Lch(lightness, math.hypot(a, b_), math.degrees(math.atan2(b_, a)) % 360)


def to_rgb(colour: Lch) -> Rgb:
    """OKLCH to 8-bit sRGB, clipped to the gamut channel by channel."""
    a = colour.chroma * math.cos(math.radians(colour.hue))
    b = colour.chroma * math.sin(math.radians(colour.hue))
    long = (colour.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (colour.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (colour.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _byte(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _byte(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _byte(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )


def _without_green_cast(colour: Lch) -> Lch:
    """Pale yellow looks green on a screen, so yellow hues turn towards orange."""
    if 97 <= colour.hue <= 117:
        return Lch(colour.lightness, colour.chroma, colour.hue - 11.5)
    return colour


def _edge(fill: Lch, lift: float, strength: float) -> Lch:
    return Lch(fill.lightness + lift, fill.chroma * strength, fill.hue)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _byte(linear: float) -> int:
    value = max(0.0, min(1.0, linear))
    encoded = (
        12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    )
    return round(encoded * 255)
