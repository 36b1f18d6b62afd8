"""Summary -> plain tables, by topic: what the workbook and the pages both read."""
