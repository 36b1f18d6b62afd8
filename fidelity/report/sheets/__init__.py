"""The sheets of the workbook, one a file; what they are laid out with."""
