"""Checked checklist -> empty scoring forms, one medium each, the same questions."""
