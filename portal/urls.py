"""Every address of the service: pages, APIs, service addresses.

Pages are Vietnamese without a prefix and English below `/en/`; APIs choose their language by
parameter or header, not by path. `/points/<longitude>,<latitude>` is the page of a point.
"""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path

from planning.catalog import CATALOGUE
from planning.ogcapi.urls import mounted
from portal import documents, health, history_page, plan_pages, views, zone_pages

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("api/v1/", include("planning.urls")),
    *mounted("ogc", CATALOGUE),
    re_path(r"^documents/(?P<sha256>[0-9a-f]{64})$", documents.document, name="document"),
    *i18n_patterns(
        path("admin/", admin.site.urls),
        path("", views.home, name="home"),
        path("parcels/<str:parcel_id>", views.parcel, name="parcel"),
        path("parcels/<str:parcel_id>/history", history_page.history_page, name="history"),
        path("points/<str:place>", views.point, name="point"),
        path("plans/", plan_pages.plans, name="plans"),
        path("plans/<str:plan_id>", plan_pages.plan, name="plan"),
        path("zones/<str:zone_id>", zone_pages.zone, name="zone"),
        path("about", views.about, name="about"),
        re_path(r"^(?P<path>about|(?:parcels|points|plans|zones)/[^/]+)/+$", views.without_slash),
        re_path(r"^(?P<path>parcels/[^/]+/history)/+$", views.without_slash),
        prefix_default_language=False,
    ),
]

handler400 = "portal.faults.handler400"
handler403 = "portal.faults.handler403"
handler404 = "portal.faults.handler404"
handler500 = "portal.faults.handler500"
