"""Service addresses: is the process alive (`/healthz`), may it get traffic (`/readyz`)."""

from django.http import HttpRequest, JsonResponse


def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers; asks nothing else, so that a broken database restarts no web worker."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})
