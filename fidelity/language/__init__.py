"""Source -> syntax tree -> checked model."""
