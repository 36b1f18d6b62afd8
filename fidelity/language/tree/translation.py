"""Texts in other languages."""

from fidelity.language.tree.head import Allow
from fidelity.language.tree.node import Node
from fidelity.language.tree.target import SmallTarget, Target
from fidelity.language.tree.words import Day, Text, Word


class TranslatedBy(Node):
    """`translated by "…" on DATE`."""

    by: Text
    on: Day


class TranslationStep(Node):
    """`step back_translation by "…" on DATE`."""

    step: Word
    by: Text
    on: Day


class TranslatedText(Node):
    """`text item op_safety "…"`."""

    target: Target | SmallTarget
    text: Text


class Translation(Node):
    """Texts in another language."""

    language: Word
    title: Text
    details: tuple[Allow, ...]
    by: TranslatedBy | None
    steps: tuple[TranslationStep, ...]
    texts: tuple[TranslatedText, ...]
