"""Checked model -> what a form in a browser works its score out by."""
