"""The columns that every table of observations may have, by name; all others are the checklist's own."""

KNOWN_COLUMNS = (
    "observation session therapist client rater rater_role evidence date site arm modality language minutes "
    "rated_on selection checklist version"
).split()
