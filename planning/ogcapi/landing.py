"""To be written."""

from planning.ogcapi.views import OgcView


class Landing(OgcView):
    """To be written."""


class Conformance(OgcView):
    """To be written."""


class Api(OgcView):
    """To be written."""


class Functions(OgcView):
    """To be written."""
