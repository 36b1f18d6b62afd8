"""Checked model -> the formulas of a scoring form: the same meaning as the evaluator's, in a spreadsheet."""
