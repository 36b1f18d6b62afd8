"""Two checked models -> what changed between them, and whose results move."""
