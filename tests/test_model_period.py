"""Months later is the same day or, in a shorter month, its last day (decision 24)."""

import datetime as dt

import pytest

from fidelity.model.period import later


@pytest.mark.parametrize(
    ("number", "period", "expected"),
    [
        (2, "days", dt.date(2026, 9, 2)),
        (1, "week", dt.date(2026, 9, 7)),
        (6, "months", dt.date(2027, 2, 28)),
        (1, "month", dt.date(2026, 9, 30)),
        (4, "months", dt.date(2026, 12, 31)),
        (1, "year", dt.date(2027, 8, 31)),
    ],
)
def test_later(number: int, period: str, expected: dt.date) -> None:
    assert later(dt.date(2026, 8, 31), number, period) == expected
