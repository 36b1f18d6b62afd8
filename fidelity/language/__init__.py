"""Source -> syntax tree -> checked model. `reading` is the way through; the other files are its steps."""
