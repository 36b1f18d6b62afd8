"""Grey pictures as rows of numbers from 0 (black) to 255: read, written, and compared roughly."""

import struct
import zlib
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.float64]

CELLS = 32  # a picture is compared as so many cells each way
SHIFT = 3  # dots
SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 6: 4}  # grey, colour, colour with transparency


def difference(one: Grey, other: Grey) -> float:
    """How far two pictures are apart: the mean over the tenth of coarse cells that differ most.

    The picture may lie a few dots higher or lower, as with another release of the same programs.
    """
    wanted = cells(other)
    return min(_far(cells(np.roll(one, dots, axis=0)), wanted) for dots in range(-SHIFT, SHIFT + 1))


def _far(one: Grey, other: Grey) -> float:
    apart = np.sort(np.abs(one - other).ravel())
    return float(apart[-len(apart) // 10 :].mean())


def cells(picture: Grey) -> Grey:
    """The picture as 32 by 32 cells, whatever its size."""
    halved = _averaged(picture, CELLS)
    return _averaged(halved.T, CELLS).T


def shrunk(picture: Grey, width: int) -> Grey:
    """The picture no wider than this."""
    high, wide = picture.shape
    if wide <= width:
        return picture
    low = _averaged(picture, max(1, round(high * width / wide)))
    return _averaged(low.T, width).T


def _averaged(picture: Grey, number: int) -> Grey:
    """So many rows, each the mean of the rows that fall into it."""
    edges = np.linspace(0, len(picture), number + 1).round().astype(int)
    return np.array([picture[first : max(first + 1, last)].mean(axis=0) for first, last in pairwise(edges)])


# ---- files


def read_png(path: Path) -> Grey:
    """A picture of eight bits a channel, without interlacing, as browsers and pdftoppm write them."""
    content = path.read_bytes()
    chunks = list(_chunks(content))
    wide, high, bits, colour, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    if content[:8] != SIGNATURE or bits != 8 or interlaced or colour not in CHANNELS:
        raise ValueError(f"{path} is a kind of picture that is not read here")
    channels = CHANNELS[colour]
    packed = zlib.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT"))
    lines = np.frombuffer(packed, np.uint8).reshape(high, wide * channels + 1)
    pixels = _unfiltered(lines, channels).reshape(high, wide, channels)
    grey: Grey = pixels[:, :, : min(3, channels)].astype(float).mean(axis=2)
    return grey


def _chunks(content: bytes) -> "list[tuple[bytes, bytes]]":
    found, at = [], len(SIGNATURE)
    while at < len(content):
        (size,) = struct.unpack(">I", content[at : at + 4])
        found.append((content[at + 4 : at + 8], content[at + 8 : at + 8 + size]))
        at += size + 12
    return found


def _unfiltered(lines: NDArray[np.uint8], step: int) -> NDArray[np.uint8]:
    """Undoes what PNG does to each line so that it packs better (PNG specification, chapter 9)."""
    before = np.zeros(lines.shape[1] - 1, np.uint8)
    made = []
    for line in lines:
        kind, filtered = int(line[0]), line[1:]
        match kind:
            case 0:
                before = filtered.copy()
            case 1:
                before = _summed(filtered, step)
            case 2:
                before = filtered + before
            case _:
                before = _one_by_one(kind, filtered.tolist(), before.tolist(), step)
        made.append(before)
    return np.array(made)


def _summed(filtered: NDArray[np.uint8], step: int) -> NDArray[np.uint8]:
    """Each pixel adds the one to its left."""
    by_channel = filtered.reshape(-1, step).astype(np.uint64)
    return np.cumsum(by_channel, axis=0).astype(np.uint8).reshape(-1)


def _one_by_one(kind: int, filtered: list[int], above: list[int], step: int) -> NDArray[np.uint8]:
    made: list[int] = []
    for place, value in enumerate(filtered):
        left = made[place - step] if place >= step else 0
        corner = above[place - step] if place >= step else 0
        guess = (left + above[place]) // 2 if kind == 3 else _nearest(left, above[place], corner)
        made.append((value + guess) & 255)
    return np.array(made, np.uint8)


def _nearest(left: int, above: int, corner: int) -> int:
    wanted = left + above - corner
    return min((left, above, corner), key=lambda each: abs(wanted - each))


def write_png(path: Path, picture: Grey) -> None:
    """The picture as grey PNG, the same bytes for the same picture."""
    high, wide = picture.shape
    lines = np.hstack([np.zeros((high, 1)), picture.round().clip(0, 255)]).astype(np.uint8)
    head = struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines.tobytes(), 9)), (b"IEND", b""))
    path.write_bytes(SIGNATURE + b"".join(_chunk(kind, body) for kind, body in chunks))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
