"""A server of OGC APIs (Features, Tiles, Styles) over any querysets: `collections` is what it is told.

Knows `crs` and `errors` and no model at all. `/api/v1/` shares its edge: parameters in, problems out.
"""
