"""A programme and dated rows -> stages, doses, figures, hand-workable drift, and where everybody stands."""
