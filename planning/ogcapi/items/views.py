"""To be written."""

from planning.ogcapi.views import OgcView


class Items(OgcView):
    """To be written."""


class Item(OgcView):
    """To be written."""
