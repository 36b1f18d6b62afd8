"""Checked model -> compiled evaluator -> scored observations."""
