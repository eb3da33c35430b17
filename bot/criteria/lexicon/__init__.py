"""All languages' words, compiled for reading replies: nothing about any word or analyte is in the program itself."""

from bot.criteria.lexicon.compiled import Lexicon, bare, compile_lexicon
from bot.criteria.lexicon.words import WordList

__all__ = ["Lexicon", "WordList", "bare", "compile_lexicon"]
