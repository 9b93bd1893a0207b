"""The collections of planning, declared by listing what each shows."""

from django.utils.translation import gettext_lazy as _

from planning.catalog import said
from planning.catalog.parcels import PARCELS
from planning.catalog.plans import PLANS
from planning.catalog.restrictions import RESTRICTION_AREAS, RESTRICTION_LINES, RESTRICTION_POINTS
from planning.catalog.zones import ZONES, ZONES_HISTORY
from planning.codes.patterns import HATCHES
from planning.ogcapi.collections import Catalogue

CATALOGUE = Catalogue(
    title=_("Open Planning"),
    description=_("Zones, restrictions, plans and parcels as the authorities published them."),
    contact=said.contact,
    attribution=said.ATTRIBUTION,
    collections=(
        ZONES,
        ZONES_HISTORY,
        RESTRICTION_AREAS,
        RESTRICTION_LINES,
        RESTRICTION_POINTS,
        PLANS,
        PARCELS,
    ),
    hatches=HATCHES,
)
