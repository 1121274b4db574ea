"""The read side: from what somebody typed to rows they may see, with totals, facets and suggestions.

The viewer's tokens go into the engine's query, and every row is asked again from the database; whatever is noted as
changed and not yet in the index is asked before anything is counted, so a stale index shows and counts nothing
that its readers may no longer see.
"""

from kb.search.find.answers import answer
from kb.search.find.facets import buckets, languages
from kb.search.find.finding import find, recent
from kb.search.find.results import LARGEST_SIZE, Choice, Hit, Results
from kb.search.find.suggestions import suggest

__all__ = [
    "LARGEST_SIZE",
    "Choice",
    "Hit",
    "Results",
    "answer",
    "buckets",
    "find",
    "languages",
    "recent",
    "suggest",
]
