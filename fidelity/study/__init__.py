"""The six calls in a row: load, compile, read, score, summarise, report; what all faces compose.

A file a step, so that whoever only loads or reads does not wait for statistics and workbooks.
"""
