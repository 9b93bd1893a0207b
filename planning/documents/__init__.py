"""The papers behind plans: kept as handed in, hashed, cited by clause and page.

Beside imports and publication: a paper is attached while it is staged and goes public with the edition or
the fact that rests on it. It knows files and rows, no address of the service.
"""

from planning.documents.clauses import ClauseInEdition, add_clause, clause_through_editions
from planning.documents.papers import attach
from planning.documents.upkeep import Difference, Stock, differences, forget_files
from planning.documents.vault import Kept, keep, opened

__all__ = [
    "ClauseInEdition",
    "Difference",
    "Kept",
    "Stock",
    "add_clause",
    "attach",
    "clause_through_editions",
    "differences",
    "forget_files",
    "keep",
    "opened",
]
