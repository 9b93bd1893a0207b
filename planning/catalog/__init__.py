"""What planning publishes through the OGC APIs: the one place where plans meet `planning.ogcapi`."""

from planning.catalog.catalogue import CATALOGUE

__all__ = ["CATALOGUE"]
