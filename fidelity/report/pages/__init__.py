"""The pages, one kind a file; what they are drawn with."""
