"""Hatches -> the sprite of a style: one image with all of them side by side, and where each stands in it.

Strokes and dots are drawn by their distance to the middle of each pixel, which makes them smooth. The same
table makes the patterns of pages and papers, so that a map on a screen and one on paper look alike.
"""

import re
import struct
import zlib
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from planning.ogcapi.collections import Hatch, Json

INK = (0x14, 0x20, 0x2B)
STROKE_OPACITY, DOT_OPACITY, DOT_RADIUS = 0.55, 0.6, 0.9

Point = tuple[float, float]
Image = NDArray[np.uint8]
_COMMANDS = re.compile(r"([MLHV])([^MLHV]*)")
_NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")


def index(hatches: Mapping[str, Hatch], ratio: int) -> Json:
    """Where each hatch stands in the image of that pixel ratio."""
    found, left = {}, 0
    for name, hatch in hatches.items():
        side = hatch.size * ratio
        found[str(name)] = {"x": left, "y": 0, "width": side, "height": side, "pixelRatio": ratio}
        left += side
    return found


def png(hatches: Mapping[str, Hatch], ratio: int) -> bytes:
    """The image: all hatches in a row, transparent but for the ink."""
    images = [drawn(hatch, ratio) for hatch in hatches.values()]
    sheet = np.zeros((max(map(len, images)), sum(map(len, images)), 4), dtype=np.uint8)
    left = 0
    for image in images:
        sheet[: len(image), left : left + len(image)] = image
        left += len(image)
    return _png(sheet)


def drawn(hatch: Hatch, ratio: int) -> Image:
    """One square of the hatch; its edges meet those of its neighbours."""
    side = hatch.size * ratio
    middles = (np.arange(side) + 0.5) / ratio
    x, y = np.meshgrid(middles, middles)
    alpha = np.zeros((side, side))
    for start, end in segments(hatch.path):
        ink = _ink(_to_segment(x, y, start, end), hatch.stroke / 2, ratio)
        alpha = np.maximum(alpha, STROKE_OPACITY * ink)
    for dot in hatch.dots:
        alpha = np.maximum(alpha, DOT_OPACITY * _ink(_to_segment(x, y, dot, dot), DOT_RADIUS, ratio))
    image = np.empty((side, side, 4), dtype=np.uint8)
    image[..., :3] = INK
    image[..., 3] = np.round(alpha * 255)
    return image


def segments(path: str) -> Iterator[tuple[Point, Point]]:
    """The strokes of path data: M begins, L, H and V draw on; coordinates are absolute."""
    x = y = 0.0
    for command, text in _COMMANDS.findall(path):
        numbers = [float(number) for number in _NUMBERS.findall(text)]
        match command:
            case "H":
                ends = [(number, y) for number in numbers]
            case "V":
                ends = [(x, number) for number in numbers]
            case _:
                ends = list(zip(numbers[::2], numbers[1::2], strict=True))
        for place, end in enumerate(ends):
            if command != "M" or place:
                yield (x, y), end
            x, y = end


def _to_segment(
    x: NDArray[np.float64], y: NDArray[np.float64], start: Point, end: Point
) -> NDArray[np.float64]:
    """The distance of each pixel to the segment; to the point where it has no length."""
    across, down = end[0] - start[0], end[1] - start[1]
    length = across * across + down * down
    along = ((x - start[0]) * across + (y - start[1]) * down) / length if length else np.zeros_like(x)
    along = np.clip(along, 0, 1)
    return np.hypot(x - start[0] - along * across, y - start[1] - along * down)


def _ink(distance: NDArray[np.float64], half_width: float, ratio: int) -> NDArray[np.float64]:
    """How much of each pixel is inked: all within the stroke, less over the pixel at its edge."""
    return np.clip((half_width - distance) * ratio + 0.5, 0, 1)


def _png(image: Image) -> bytes:
    """Eight bits each of red, green, blue and alpha (ISO/IEC 15948)."""
    height, width, _channels = image.shape
    lines = b"".join(b"\x00" + line.tobytes() for line in image)
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
