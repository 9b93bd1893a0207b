"""The API definition: an OpenAPI 3.0 document, built from what serves the requests.

Paths come from the routes, parameters from the declarations that read them, media types from what the
views offer, and every collection has paths of its own: clients look there for what they may filter by.
"""
