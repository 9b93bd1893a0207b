"""Every address of the service: pages, APIs, service addresses.

Pages are Vietnamese without a prefix and English below `/en/`; APIs choose their language by
parameter or header, not by path.
"""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import path

from portal import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    *i18n_patterns(
        path("admin/", admin.site.urls),
        prefix_default_language=False,
    ),
]
