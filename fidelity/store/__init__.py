"""Observations kept: a study's store, its append-only log whose entries chain by hash, backups."""
