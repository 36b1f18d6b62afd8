"""Fidelity: how faithfully and how well lay-delivered psychological help is delivered.

The way: checklist source -> tree -> checked model -> evaluator -> scored observations -> summaries -> workbook and pages.
"""
