"""Summaries -> workbook and pages: plain tables first, then the two media that show them.

`workbook.workbook_bytes` gives the workbook, `page.pages` the HTML files.
"""
