"""ICC profiles of monitors and cameras, made of their primaries and gamma."""

import struct

SRGB_PRIMARIES = ((0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141))
DISPLAY_P3 = ((0.5151, 0.2412, -0.0011), (0.2920, 0.6922, 0.0419), (0.1571, 0.0666, 0.7841))
ADOBE_RGB = ((0.6097, 0.3111, 0.0195), (0.2053, 0.6257, 0.0609), (0.1492, 0.0632, 0.7446))
PROPHOTO = ((0.7977, 0.2880, 0.0), (0.1352, 0.7119, 0.0), (0.0313, 0.0001, 0.8249))
WHITE_POINT = (0.9642, 1.0, 0.8249)
Primaries = tuple[tuple[float, float, float], ...]


def rgb_profile(primaries: Primaries, gamma: float) -> bytes:
    """A matrix profile of three primaries, XYZ relative to D50, and one gamma for all channels."""
    tags = {b"wtpt": _xyz(WHITE_POINT)}
    for channel, primary in zip(b"rgb", primaries, strict=True):
        tags[bytes([channel]) + b"XYZ"] = _xyz(primary)
        tags[bytes([channel]) + b"TRC"] = _gamma(gamma)
    return _profile(b"RGB ", tags)


def gray_profile(gamma: float) -> bytes:
    """A profile of gray levels with a gamma."""
    return _profile(b"GRAY", {b"wtpt": _xyz(WHITE_POINT), b"kTRC": _gamma(gamma)})


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ " + bytes(4) + b"".join(map(_fixed, values))


def _gamma(gamma: float) -> bytes:
    return b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)


def _profile(space: bytes, tags: dict[bytes, bytes]) -> bytes:
    offset = 132 + 12 * len(tags)
    table = struct.pack(">I", len(tags))
    data = b""
    for name, content in tags.items():
        table += name + struct.pack(">II", offset + len(data), len(content))
        data += content
    size = struct.pack(">I", 128 + len(table) + len(data))
    header = size + bytes(4) + bytes([2, 0x40, 0, 0]) + b"mntr" + space + b"XYZ " + bytes(12) + b"acsp" + bytes(28)
    return (header + b"".join(map(_fixed, WHITE_POINT))).ljust(128, b"\0") + table + data
