"""Checked model -> columns: the same meaning as `evaluate.row`, worked out for many observations at once."""
