"""Deliveries of the cadastre: what a parcel file changes in the parcels that stand, found by geometry.

Flow: sides (rows -> shapes in metres) -> overlap (which land is whose) -> verdicts (what became of what)
-> numbers (codes that stay stable) -> difference (what is shown). It writes nothing: publication carries
out a `Settlement`, the import and the command show a `Difference`.
"""

from planning.cadastre.comparing import compare, settle, settle_rows
from planning.cadastre.difference import Change, ChangeKind, Difference, Doubt, Settlement, Successor
from planning.cadastre.sides import Refusals, Rule, Side

__all__ = [
    "Change",
    "ChangeKind",
    "Difference",
    "Doubt",
    "Refusals",
    "Rule",
    "Settlement",
    "Side",
    "Successor",
    "compare",
    "settle",
    "settle_rows",
]
