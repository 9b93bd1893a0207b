"""The edge of the public APIs: parameters in, problems out, the base of every view.

Knows `crs` and `errors` and no model at all, so that it serves any queryset.
"""
