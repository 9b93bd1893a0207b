"""To be written."""

from planning.ogcapi.views import OgcView


class Styles(OgcView):
    """To be written."""


class Style(OgcView):
    """To be written."""


class Sprite(OgcView):
    """To be written."""
