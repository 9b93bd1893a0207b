"""The routes of `/api/v1/`; the project mounts them there under the namespace `api`."""

from django.urls import path

from planning.api.answers import ParcelHistory, ParcelPlanning, PlacePlanning
from planning.api.coverage import CoverageList
from planning.api.documentation import Docs, HistorySchema, Index, OpenApi, PlanningSchema
from planning.api.lookups import Lookup
from planning.api.parcels import ParcelDetail, ParcelList
from planning.api.plans import PlanDetail, PlanList

app_name = "api"

urlpatterns = [
    path("", Index.as_view(), name="index"),
    path("docs", Docs.as_view(), name="docs"),
    path("openapi.json", OpenApi.as_view(), name="openapi"),
    path("schemas/planning.json", PlanningSchema.as_view(), name="planning-schema"),
    path("schemas/history.json", HistorySchema.as_view(), name="history-schema"),
    path("lookup", Lookup.as_view(), name="lookup"),
    path("parcels", ParcelList.as_view(), name="parcels"),
    path("parcels/<str:parcel_id>", ParcelDetail.as_view(), name="parcel"),
    path("parcels/<str:parcel_id>/planning", ParcelPlanning.as_view(), name="parcel-planning"),
    path("parcels/<str:parcel_id>/history", ParcelHistory.as_view(), name="parcel-history"),
    path("planning", PlacePlanning.as_view(), name="planning"),
    path("coverage", CoverageList.as_view(), name="coverage"),
    path("plans", PlanList.as_view(), name="plans"),
    path("plans/<slug:plan_id>", PlanDetail.as_view(), name="plan"),
]
