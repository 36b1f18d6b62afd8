"""Checked model <-> what other people and tools work with: one neighbour each, both directions."""
