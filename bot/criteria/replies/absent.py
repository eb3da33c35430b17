"""Whether a reply as a whole says that the answer is not known."""

from __future__ import annotations

from bot.criteria.lexicon import Lexicon, bare
from bot.criteria.lexicon.characters import Folded


def is_absent(folded: Folded, lexicon: Lexicon) -> bool:
    """Whether the whole reply says "I don't know", "not measured" or the like, in any language."""
    text = folded.text.strip()
    return text in lexicon.absent or bare(text) in lexicon.absent
