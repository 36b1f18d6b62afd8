"""So many of so many -> the share with its 95 % limits."""

from math import sqrt

from scipy.special import ndtri


def wilson(number: int, of: int) -> tuple[float, float, float]:
    """The share, its lower and its upper limit, from 0 to 1.

    Wilson 1927, Journal of the American Statistical Association 22, 209-212; method 3 of Newcombe 1998,
    Statistics in Medicine 17, 857-872.
    """
    z, part = float(ndtri(0.975)), number / of
    centre = (part + z**2 / (2 * of)) / (1 + z**2 / of)
    half = z / (1 + z**2 / of) * sqrt(part * (1 - part) / of + z**2 / (4 * of**2))
    # Rounding must not put a limit on the wrong side of none or of all.
    return part, 0.0 if number == 0 else centre - half, 1.0 if number == of else centre + half
