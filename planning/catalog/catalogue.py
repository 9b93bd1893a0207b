"""The collections of planning, declared by listing what each shows."""

from django.utils.translation import gettext_lazy as _

from planning.catalog.zones import ZONES
from planning.ogcapi.collections import Catalogue

CATALOGUE = Catalogue(
    title=_("Open Planning"),
    description=_("Zones, restrictions, plans and parcels as the authorities published them."),
    collections=(ZONES,),
)
