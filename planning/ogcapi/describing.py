"""To be written."""

from planning.ogcapi.views import OgcView


class Collections(OgcView):
    """To be written."""


class CollectionDetail(OgcView):
    """To be written."""


class Queryables(OgcView):
    """To be written."""


class Schema(OgcView):
    """To be written."""
