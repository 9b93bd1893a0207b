"""Publications of size, timed: a plan of 50 000 new zones, then a local adjustment in the midst of them.

Works in a town that `bench.make_data` filled. Staging is not timed: zones come in by imports. Prints one JSON
line per publication: what, zones, seconds, rows opened. `bench.run` asks for answers meanwhile.
"""

import json
import math
import sys
import time
from datetime import date

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 - models need the settings first

from bench import make_data  # noqa: E402
from planning import publication  # noqa: E402
from planning.models import (  # noqa: E402
    Document,
    Edition,
    GeneralisedZone,
    LayerUpload,
    Membership,
    Office,
    Plan,
    PlanEvent,
    Role,
    Territory,
    User,
)

PLAN = "bench-detailed"
SIDE = 120.0  # metres of a zone
ADJUSTED = date(2024, 1, 1)


def main() -> None:
    zones = int(sys.argv[1])
    columns = math.isqrt(zones)
    make_data.town_functions()
    members = _members()
    if not Plan.objects.filter(pk=PLAN).exists():
        with transaction.atomic():
            whole = _staged(_plan(), 1, zones, columns, first=0)
        _timed(f"{zones} new zones with their outlines", whole, members)
    with transaction.atomic():
        # Ten by ten zones in the middle, drawn anew half a zone beside the old ones.
        middle = columns // 2 * SIDE + SIDE / 2
        plan = Plan.objects.get(pk=PLAN)
        part = _staged(plan, plan.editions.count() + 1, 100, 10, first=middle)
    _timed(f"local adjustment of 100 zones among {zones}", part, members)


def _timed(what: str, upload: LayerUpload, members: tuple[User, User]) -> None:
    """Publish, commit included in what others wait for, and say how long it took."""
    by, approved_by = members
    drawn = GeneralisedZone.objects.count()
    began = time.perf_counter()
    done = publication.publish(uploads=[upload], by=by, approved_by=approved_by)
    seconds = time.perf_counter() - began
    row = {"what": what, "seconds": round(seconds, 2), "pieces": done.summary["pieces"]}
    print(json.dumps(row | {"outlines": GeneralisedZone.objects.count() - drawn}), flush=True)


def _members() -> tuple[User, User]:
    office = Office.objects.get(id="bench")
    by, approved_by = (User.objects.get(username=name) for name in ("planner", "reviewer"))
    Membership.objects.get_or_create(user=by, office=office, role=Role.PLANNER)
    Membership.objects.get_or_create(user=approved_by, office=office, role=Role.REVIEWER)
    return by, approved_by


def _plan() -> Plan:
    return Plan.objects.create(
        id=PLAN, kind="detailed", title=PLAN, title_en=PLAN, territory=Territory.objects.get(code="bench"),
        office=Office.objects.get(id="bench"), scale=500, metric_crs=make_data.METRIC_CRS,
        licence="CC0-1.0", source="bench",
    )  # fmt: skip


def _staged(plan: Plan, number: int, zones: int, columns: int, *, first: float) -> LayerUpload:
    """A checked upload whose zones wait: squares with wavy edges that neighbours share."""
    on = make_data.IN_FORCE if number == 1 else ADJUSTED
    edition = Edition.objects.create(plan=plan, number=number, is_local_adjustment=number > 1)
    decision = Document.objects.create(
        plan=plan,
        kind="decision",
        number=f"{number}/QĐ-ĐC",
        date=on,
        issuer="bench",
        title="Quyết định",
        url=f"https://bench.example/{number}",
    )
    PlanEvent.objects.create(edition=edition, kind="in_force", on=on, effective_from=on, document=decision)
    upload = LayerUpload.objects.create(
        office=plan.office, edition=edition, file="bench", original_name="bench", sha256=f"{number:064}",
        size=1, format="GPKG", declared_crs=make_data.METRIC_CRS, confirmed_crs=make_data.METRIC_CRS,
        licence="CC0-1.0", publisher="bench", state="checked", result="ok",
        uploaded_by=User.objects.get(username="planner"),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_ZONES, _values(edition, upload, zones, columns, first))
    return upload


def _values(
    edition: Edition, upload: LayerUpload, zones: int, columns: int, first: float
) -> dict[str, object]:
    return {
        "prefix": f"{edition.plan_id}.{edition.number}.",
        "edition": edition.pk,
        "upload": upload.pk,
        "last": zones - 1,
        "columns": columns,
        "first": first,
        "side": SIDE,
        "every": make_data.VERTEX_EVERY,
    }


_ZONES = f"""
    INSERT INTO planning_zone (public_id, code, name, indicators, feature, layer, edition_id, land_use_id,
        land_use_text, geometry, uses_allowed, uses_conditional, uses_forbidden, upload_id)
    SELECT %(prefix)s || drawn.k, 'D' || drawn.k, '', '{{}}', drawn.k, 'zones', %(edition)s,
        uses.ids[1 + (drawn.k * 7) %% {make_data.USES}], '', ST_Multi(drawn.shape), '{{}}', '{{}}', '{{}}',
        %(upload)s
    FROM ({make_data.LAND_USES.replace("%", "%%")}) AS uses, LATERAL (
        SELECT box.k, pg_temp.stored(ST_MakePolygon(ST_MakeLine(
            pg_temp.wavy(ST_X(corner.geom), ST_Y(corner.geom)) ORDER BY corner.path))) AS shape
        FROM (
            SELECT k, ST_MakeEnvelope(
                %(first)s + (k %% %(columns)s) * %(side)s, %(first)s + (k / %(columns)s) * %(side)s,
                %(first)s + (k %% %(columns)s + 1) * %(side)s, %(first)s + (k / %(columns)s + 1) * %(side)s
            ) AS shape
            FROM generate_series(0, %(last)s) AS k
        ) AS box, LATERAL ST_DumpPoints(ST_Segmentize(ST_ExteriorRing(box.shape), %(every)s)) AS corner
        GROUP BY box.k
    ) AS drawn
"""  # noqa: S608 - names and numbers of our own


if __name__ == "__main__":
    main()
