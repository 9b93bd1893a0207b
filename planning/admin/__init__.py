"""Django's own admin over the stored domain: search, filter, look; what is public is read-only.

Members see and write what their role allows for their own offices (`rights`); what is done leaves its trace
(`trace`, `log`). Nothing becomes public or law in a form: one member proposes an act and sees what it
changes, a second one publishes it (`proposing`, `proposals`), superusers included. Rows that the pipeline
writes (pieces, revisions, zones, parcels, findings) can be looked at and never typed. One module for each
family; importing it registers its models.
"""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from planning.admin import ground, log, people, plans, proposals, uploads, zoning

__all__ = ["ground", "log", "people", "plans", "proposals", "uploads", "zoning"]

admin.site.site_header = _("Open Planning")
admin.site.site_title = _("Open Planning")
admin.site.index_title = _("Administration")
admin.site.index_template = "planning/admin/index.html"
