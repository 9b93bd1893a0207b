"""Plane geometry of the answer and of the importer: metres in, metres out.

Lowest layer of the flow: it is handed shapely geometries that already lie in one metric coordinate
system and hands back figures. It knows no Django, no coordinate reference system, no plan law: a
"piece" here is a polygon with a key and a group.

All figures have one basis, a grid of 1 mm (`GRID`). What lies within the accuracy of the drawn
lines (`tolerance`) is never asserted and never denied.
"""

from planning.geometry.bands import Class
from planning.geometry.clean import Cleaned, clean
from planning.geometry.conflicts import Conflict, conflicts, surely_both
from planning.geometry.declared import covered, may_reach, shares_land, some_left
from planning.geometry.lines import Beyond, LinePart, PointPart, beyond, measure_line, measure_point
from planning.geometry.nearby import around
from planning.geometry.overlay import Overlay, Piece, Share, overlay
from planning.geometry.places import Place, Places, locate
from planning.geometry.rounding import TRACE, apportion, is_trace, shares_shown
from planning.geometry.subject import GRID, Subject
from planning.geometry.tolerance import line_tolerance, pair_tolerance

__all__ = [
    "GRID",
    "TRACE",
    "Beyond",
    "Class",
    "Cleaned",
    "Conflict",
    "LinePart",
    "Overlay",
    "Piece",
    "Place",
    "Places",
    "PointPart",
    "Share",
    "Subject",
    "apportion",
    "around",
    "beyond",
    "clean",
    "conflicts",
    "covered",
    "is_trace",
    "line_tolerance",
    "locate",
    "may_reach",
    "measure_line",
    "measure_point",
    "overlay",
    "pair_tolerance",
    "shares_land",
    "shares_shown",
    "some_left",
    "surely_both",
]
