"""The checked model: what all steps agree on. Each file is one topic; nothing here reads or writes files."""
