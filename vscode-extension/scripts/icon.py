"""Writes images/icon.png: three layers of an image under a tick, drawn without any library."""

import struct
import zlib
from pathlib import Path

SIZE = 128
OVER = 3  # samples to a side of a pixel
BACK = (0x12, 0x2B, 0x4A)
LAYERS = ((0x2F, 0x6F, 0xB5), (0x3F, 0x8F, 0xD9), (0x6D, 0xB8, 0xF2))
TICK = ((74.0, 88.0), (88.0, 102.0), (114.0, 70.0))
WIDTH = 6.5


def _distance(x: float, y: float, one: tuple[float, float], two: tuple[float, float]) -> float:
    """How far a point lies from a line segment."""
    dx, dy = two[0] - one[0], two[1] - one[1]
    along = ((x - one[0]) * dx + (y - one[1]) * dy) / (dx * dx + dy * dy)
    along = min(1.0, max(0.0, along))
    return ((x - one[0] - along * dx) ** 2 + (y - one[1] - along * dy) ** 2) ** 0.5


def _colour(x: float, y: float) -> tuple[int, int, int, int]:
    """The colour at a point, with its opacity."""
    corner = 24
    inside_x, inside_y = min(max(x, corner), SIZE - corner), min(max(y, corner), SIZE - corner)
    if ((x - inside_x) ** 2 + (y - inside_y) ** 2) ** 0.5 > corner:
        return (0, 0, 0, 0)
    tick = min(_distance(x, y, TICK[0], TICK[1]), _distance(x, y, TICK[1], TICK[2]))
    if tick <= WIDTH:
        return (0x7B, 0xE0, 0x8A, 255)
    if tick <= WIDTH + 5:
        return (*BACK, 255)
    for number, colour in reversed(tuple(enumerate(LAYERS))):
        if abs(x - 58) / 42 + abs(y - (82 - 20 * number)) / 20 <= 1:
            return (*colour, 255)
        if abs(x - 58) / 46 + abs(y - (84 - 20 * number)) / 23 <= 1:
            return (*BACK, 255)
    return (*BACK, 255)


def _pixel(column: int, row: int) -> bytes:
    """The mean over the samples of a pixel; colours weigh by their opacity."""
    samples = [
        _colour(column + (i + 0.5) / OVER, row + (j + 0.5) / OVER)
        for i in range(OVER)
        for j in range(OVER)
    ]
    opacity = sum(one[3] for one in samples)
    if not opacity:
        return bytes(4)
    mean = [sum(one[k] * one[3] for one in samples) // opacity for k in range(3)]
    return bytes((*mean, opacity // len(samples)))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def main() -> None:
    """Write the picture beside this script's folder."""
    rows = b"".join(
        b"\0" + b"".join(_pixel(column, row) for column in range(SIZE)) for row in range(SIZE)
    )
    header = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0)
    place = Path(__file__).parent.parent / "images" / "icon.png"
    place.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(rows, 9))
        + _chunk(b"IEND", b"")
    )


if __name__ == "__main__":
    main()
