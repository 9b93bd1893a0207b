"""Schemathesis believes both API documents: it tries what they allow, what they forbid, and the limits.

All its checks are on but two, each with its reason. `SCHEMATHESIS_EXAMPLES=100` tries more than the suite
has time for, on every collection.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import override_settings
from hypothesis import HealthCheck, settings
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from planning.models import Publication
from portal.wsgi import application

pytestmark = pytest.mark.django_db

EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "2"))
IN_HASTE = "SCHEMATHESIS_EXAMPLES" not in os.environ
# What is generated for each collection comes from the same declarations; one stands for its sisters.
SISTERS = "collections/(zones-history|restriction-areas|restriction-lines|restriction-points|plans)"

# No schema can say that `lon` comes with `lat`, that a ring closes, or that we gave a token out.
UNSAYABLE = positive_data_acceptance
# OGC 17-069r4 /req/core/fc-limit-response-1: a `limit` above the maximum is capped and no mistake.
CAPPED = negative_data_rejection

LOWEST_MAXIMUM = 100  # of candidates
# Schemathesis asks an application within the process for gzip and does not unpack it.
PLAIN = {"Accept-Encoding": "identity"}

tried = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def _town(request: pytest.FixtureRequest, small_town: Publication) -> Iterator[None]:
    """The small town; requests stay in the transaction of the test, as those of Django's client do."""
    request.node._nodeid = request.node.nodeid  # which pytest 9.2 keeps elsewhere and schemathesis 4.32 reads
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    with override_settings(ALLOWED_HOSTS=["*"]):
        yield
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.fixture
def ogc_document(_town: None) -> BaseSchema:
    return schemathesis.openapi.from_wsgi("/ogc/api", application)


@pytest.fixture
def api_document(_town: None) -> BaseSchema:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


def is_capped(case: schemathesis.Case) -> bool:
    """Whether its `limit` is a number above the lowest of our maxima."""
    limit: Any = (case.query or {}).get("limit")
    return str(limit).isdecimal() and int(limit) > LOWEST_MAXIMUM


def validate(case: schemathesis.Case) -> None:
    left_out = [UNSAYABLE, *([CAPPED] if is_capped(case) else [])]
    case.call_and_validate(headers=PLAIN, excluded_checks=left_out)


of_ogc = schemathesis.pytest.from_fixture("ogc_document")
if IN_HASTE:
    of_ogc = of_ogc.exclude(path_regex=SISTERS)
of_api = schemathesis.pytest.from_fixture("api_document")


@of_ogc.parametrize()
@tried
def test_the_ogc_apis_keep_what_their_document_says(case: schemathesis.Case) -> None:
    validate(case)


@of_api.parametrize()
@tried
def test_the_planning_api_keeps_what_its_document_says(case: schemathesis.Case) -> None:
    validate(case)
