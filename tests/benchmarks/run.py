"""All comparisons with others, in one run: `python tests/benchmarks/run.py [SESSIONS] [PART...]`.

How to install the others, and what came out, is in the README beside it.
"""

import sys

import batch
import cells
import clusters
import rows

# What is measured, and how many of the sessions it takes: what is slow gets fewer.
PARTS = {
    "batch": (batch.measured, 1),
    "rows": (rows.measured, 100),
    "cells": (cells.measured, 10),
    "sail": (clusters.on_sail, 1),
    "spark": (clusters.on_spark, 1),
}


def main(words: list[str]) -> None:
    """Prints a table for each part."""
    number = int(words[0]) if words else 1_000_000
    for part in words[1:] or PARTS:
        measured, share = PARTS[part]
        sys.stdout.write(measured(max(number // share, 500)))
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
