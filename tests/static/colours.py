"""How far two colours are apart, for eyes with and without colour blindness."""

import numpy as np

# sRGB to linear light, and linear light to CIE XYZ under D65: IEC 61966-2-1.
XYZ_OF_LINEAR = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
D65_WHITE = XYZ_OF_LINEAR.sum(axis=1)
# What the eye makes of linear light when it has all its cones, or lacks one kind:
# Machado, Oliveira, Fernandes 2009, "A physiologically-based model for simulation of color vision
# deficiency".
SEEN_WITHOUT = {
    "red cones": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "green cones": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "blue cones": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
    "nothing": np.eye(3),
}


def linear(colour: str) -> np.ndarray:
    """Linear light of a `#rrggbb`, shape (3,), each 0 to 1."""
    srgb = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio, 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    dark, light = sorted(float(XYZ_OF_LINEAR[1] @ linear(colour)) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def difference(one: str, other: str, missing: str) -> float:
    """CIE 1976 colour difference of what is seen; 2.3 is just noticeable (Mahy and others 1994)."""
    return float(np.linalg.norm(_lab(one, missing) - _lab(other, missing)))


def _lab(colour: str, missing: str) -> np.ndarray:
    """CIE L*a*b* of what is seen of a colour, shape (3,): CIE 15:2004."""
    seen = np.clip(SEEN_WITHOUT[missing] @ linear(colour), 0, 1)
    x, y, z = _cube_root(XYZ_OF_LINEAR @ seen / D65_WHITE)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def _cube_root(share: np.ndarray) -> np.ndarray:
    limit = (6 / 29) ** 3
    return np.where(share > limit, np.cbrt(share), share / (3 * (6 / 29) ** 2) + 4 / 29)
