"""What djangorestframework-gis's serializer takes for a page of zones; prints the median in milliseconds."""

import sys
import time

import django

django.setup()

from django.utils import timezone  # noqa: E402 - models need the settings first
from rest_framework.renderers import JSONRenderer  # noqa: E402
from rest_framework_gis.serializers import GeoFeatureModelSerializer  # noqa: E402

from planning.models import LegalStatus, Publication, ZonePiece  # noqa: E402

ROUNDS = 5


class ZoneSerializer(GeoFeatureModelSerializer):  # type: ignore[type-arg]
    """A piece of a zone, as one would write it in an afternoon."""

    class Meta:
        model = ZonePiece
        geo_field = "geometry"
        fields = ("id", "plan", "status", "level", "theme")


def main() -> None:
    revision = Publication.objects.latest_revision()
    pieces = ZonePiece.objects.known_at(revision).valid_on(timezone.localdate())
    page = pieces.filter(status=LegalStatus.IN_FORCE).order_by("pk")[: int(sys.argv[1])]
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        JSONRenderer().render(ZoneSerializer(page.all(), many=True).data)
        took.append((time.perf_counter() - began) * 1000)
    print(sorted(took)[ROUNDS // 2])


if __name__ == "__main__":
    main()
