"""To be written."""

from planning.ogcapi.views import OgcView


class TileMatrixSets(OgcView):
    """To be written."""


class TileMatrixSet(OgcView):
    """To be written."""


class Tilesets(OgcView):
    """To be written."""


class Tileset(OgcView):
    """To be written."""


class Tile(OgcView):
    """To be written."""
