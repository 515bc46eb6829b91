"""PNG files: the same pixels give the same bytes on every machine.

Packed by libdeflate out of a package: zlib is another program on every system.
"""

from __future__ import annotations

import math
import struct
import threading
import zlib
from contextlib import nullcontext

import deflate
import numpy as np

from service.maps.canvas import Pixels
from service.maps.page import MM_PER_INCH
from service.maps.painting import painted
from service.maps.sheet import Sheet

#: Flat colours pack well at once: higher levels take longer for 6 % less.
_LEVEL = 1
#: Large pictures are drawn one at a time, so that many of them cost the memory of one.
_LARGE_PIXELS = 4_000_000
_large = threading.Lock()


def sheet_png(sheet: Sheet) -> bytes:
    """The sheet as a picture, with its size on paper."""
    large = math.prod(sheet.page.pixels) > _LARGE_PIXELS
    with _large if large else nullcontext():
        return png(painted(sheet), sheet.page.dpi)


def png(pixels: Pixels, dpi: float) -> bytes:
    """Red, green and blue of each pixel."""
    height, width, _ = pixels.shape
    rows = np.zeros((height, 1 + 3 * width), dtype=np.uint8)  # 0: no filter
    for colour in range(3):  # all at once takes ten times as long
        rows[:, 1 + colour :: 3] = pixels[:, :, colour]
    metre = round(dpi / MM_PER_INCH * 1000)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            _chunk(b"pHYs", struct.pack(">IIB", metre, metre, 1)),
            _chunk(b"IDAT", bytes(deflate.zlib_compress(rows, _LEVEL))),
            _chunk(b"IEND", b""),
        ]
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(content, zlib.crc32(kind))
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
