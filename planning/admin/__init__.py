"""Django's own admin over the stored domain: search, filter, look; what is public is read-only.

Nothing is published or made law here: that takes the verbs of `planning.publication` and
`planning.lifecycle` and two members, superusers included. Members see and change the rows of their own
offices (`rights`). Rows that the pipeline writes (pieces, revisions, zones, parcels, findings) can be
looked at and never typed. One module for each family; importing it registers its models.
"""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from planning.admin import ground, people, plans, uploads, zoning

__all__ = ["ground", "people", "plans", "uploads", "zoning"]

admin.site.site_header = _("Open Planning")
admin.site.site_title = _("Open Planning")
admin.site.index_title = _("Administration")
