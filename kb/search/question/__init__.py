"""What somebody typed, as what is asked for.

Words, "quotations", -left out, OR, brackets, and narrowings such as tag:価格 or 結果:失注. Plain words mean what they say; what
is broken is mended and said.
"""

from kb.search.question.leaves import (
    ATOMS,
    LEAVES,
    QUERY_LENGTH,
    Leaf,
    Other,
    is_grammar,
    legible,
    once,
    single_character,
)
from kb.search.question.parts import (
    Both,
    Either,
    Mended,
    Narrowing,
    Not,
    Note,
    Part,
    Piece,
    Question,
    leaves_of,
    narrowings_of,
    without,
)
from kb.search.question.reading import ask

__all__ = [
    "ATOMS",
    "LEAVES",
    "QUERY_LENGTH",
    "Both",
    "Either",
    "Leaf",
    "Mended",
    "Narrowing",
    "Not",
    "Note",
    "Other",
    "Part",
    "Piece",
    "Question",
    "ask",
    "is_grammar",
    "leaves_of",
    "legible",
    "narrowings_of",
    "once",
    "single_character",
    "without",
]
