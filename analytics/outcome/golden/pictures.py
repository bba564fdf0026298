#!/usr/bin/env python3
"""Makes the pictures of the golden stretches small: sixteen colours, some ten kilobytes each.

First, from the root of the checkout, `UBUGOE_BLESS=1 cargo test -p outcome --test golden`,
which says into which folder it put the pictures; then `analytics/outcome/golden/pictures.py
FOLDER`. Needs rsvg-convert (librsvg), and Python alone beside it.
"""

import collections
import pathlib
import struct
import subprocess
import sys
import zlib

WIDTH_PX = 1100
COLOURS = 16


def pixels(png):
    """Width and rows of RGB triples of a PNG as rsvg-convert writes it: 8 bit, RGB or RGBA."""
    at, data, header = 8, b"", None
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at : at + 8])
        body = png[at + 8 : at + 8 + size]
        header = body if kind == b"IHDR" else header
        data += body if kind == b"IDAT" else b""
        at += size + 12
    width, height, depth, kind = struct.unpack(">IIBB", header[:10])
    assert depth == 8 and kind in (2, 6), "not what rsvg-convert writes"
    step = 3 if kind == 2 else 4
    raw, stride = zlib.decompress(data), width * step
    before, rows = bytearray(stride), []
    for y in range(height):
        start = y * (stride + 1)
        row = bytearray(raw[start + 1 : start + 1 + stride])
        unfilter(raw[start], row, before, step)
        rows.append([tuple(row[x : x + 3]) for x in range(0, stride, step)])
        before = row
    return width, rows


def unfilter(kind, row, before, step):
    for x in range(len(row)):
        left = row[x - step] if x >= step else 0
        up, corner = before[x], before[x - step] if x >= step else 0
        guess = (0, left, up, (left + up) // 2, paeth(left, up, corner))[kind]
        row[x] = (row[x] + guess) & 255


def paeth(left, up, corner):
    guess = left + up - corner
    return min((left, up, corner), key=lambda one: abs(guess - one))


def small(width, rows):
    """The same picture in the colours that it uses most."""
    coarse = collections.Counter()
    for row in rows:
        coarse.update(tuple(min(255, (one + 8) // 17 * 17) for one in rgb) for rgb in row)
    palette = [rgb for rgb, _ in coarse.most_common(COLOURS)]
    nearest = {}

    def index(rgb):
        if rgb not in nearest:
            far = [sum((a - b) ** 2 for a, b in zip(rgb, one)) for one in palette]
            nearest[rgb] = far.index(min(far))
        return nearest[rgb]

    data = bytearray()
    for row in rows:
        places = [index(rgb) for rgb in row] + [0] * (width % 2)
        data.append(0)
        data.extend(a << 4 | b for a, b in zip(places[::2], places[1::2]))
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, len(rows), 4, 3, 0, 0, 0)),
        (b"PLTE", bytes(one for rgb in palette for one in rgb)),
        (b"IDAT", zlib.compress(bytes(data), 9)),
        (b"IEND", b""),
    ]
    parts = [struct.pack(">I", len(b)) + k + b + struct.pack(">I", zlib.crc32(k + b)) for k, b in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def main():
    here = pathlib.Path(__file__).parent
    for svg in sorted(pathlib.Path(sys.argv[1]).glob("*.svg")):
        draw = ["rsvg-convert", "--width", str(WIDTH_PX), "--background-color", "white", svg]
        png = subprocess.run(draw, check=True, capture_output=True).stdout
        (here / svg.name).with_suffix(".png").write_bytes(small(*pixels(png)))


main()
