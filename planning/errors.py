"""What can go wrong, in the words of the domain.

The lowest layer: every other module may raise these, none of them knows HTTP, Django or a language.
An error carries facts (which parameter, which value, which limit); the sentence in the reader's
language and the HTTP status are chosen at the edge, from one table in `planning.ogcapi.problems`.
"""

from enum import StrEnum
from typing import Any


class Reason(StrEnum):
    """Why a value or an action was refused; the edge holds one sentence per reason and language."""

    # a single value
    REQUIRED = "required"
    UNKNOWN_PARAMETER = "unknown_parameter"
    REPEATED = "repeated"
    NOT_A_NUMBER = "not_a_number"
    NOT_AN_INTEGER = "not_an_integer"
    NOT_A_DATE = "not_a_date"
    NOT_A_DATETIME = "not_a_datetime"
    NOT_A_CHOICE = "not_a_choice"
    UNKNOWN_CODE = "unknown_code"
    OUT_OF_RANGE = "out_of_range"
    TOO_LONG = "too_long"
    BAD_CHARACTERS = "bad_characters"
    IN_THE_FUTURE = "in_the_future"
    CONTRADICTS = "contradicts"
    # coordinates and coordinate reference systems
    UNKNOWN_CRS = "unknown_crs"
    DEPRECATED_CRS = "deprecated_crs"
    NOT_PROJECTED_CRS = "not_projected_crs"
    OUTSIDE_CRS = "outside_crs"
    SWAPPED_AXES = "swapped_axes"
    # bodies and geometries
    NOT_JSON = "not_json"
    NOT_GEOJSON = "not_geojson"
    NOT_A_POLYGON = "not_a_polygon"
    RING_NOT_CLOSED = "ring_not_closed"
    EMPTY_GEOMETRY = "empty_geometry"
    INVALID_GEOMETRY = "invalid_geometry"
    TOO_MANY_VERTICES = "too_many_vertices"
    TOO_LARGE_AREA = "too_large_area"
    TOO_SPREAD_OUT = "too_spread_out"
    BODY_TOO_LARGE = "body_too_large"
    BAD_CURSOR = "bad_cursor"
    # questions to the OGC APIs
    NOT_A_BOX = "not_a_box"
    NOT_AN_INTERVAL = "not_an_interval"
    NOT_OFFERED_CRS = "not_offered_crs"
    FILTER_SYNTAX = "filter_syntax"
    FILTER_TOO_DEEP = "filter_too_deep"
    FILTER_TOO_LARGE = "filter_too_large"
    UNKNOWN_PROPERTY = "unknown_property"
    UNKNOWN_FUNCTION = "unknown_function"
    WRONG_TYPE = "wrong_type"
    FOLLOW_NEXT = "follow_next"
    TOO_EXPENSIVE = "too_expensive"
    NO_SUCH_VERSION = "no_such_version"
    # files of papers
    FILE_MISSING = "file_missing"
    FILE_TOO_LARGE = "file_too_large"
    FILE_NOT_ACCEPTED = "file_not_accepted"
    FILE_NOT_READABLE = "file_not_readable"
    # writing
    NOT_A_MEMBER = "not_a_member"
    SAME_PERSON = "same_person"
    WRONG_STATE = "wrong_state"
    WITHOUT_DECISION = "without_decision"
    WITHOUT_FINDINGS_SOLVED = "without_findings_solved"
    ALREADY_RECORDED = "already_recorded"
    ALREADY_CORRECTED = "already_corrected"
    ALREADY_WITHDRAWN = "already_withdrawn"
    NEVER_IN_FORCE = "never_in_force"
    WITHOUT_EFFECT = "without_effect"
    ENDS_BEFORE_IT_BEGINS = "ends_before_it_begins"
    OUTSIDE_EDITION = "outside_edition"
    SHOWS_ITS_SHAPE = "shows_its_shape"
    CHANGED_SINCE = "changed_since"


class PlanningError(Exception):
    """The root of all domain errors; `facts` is what the sentence at the edge is made of."""

    def __init__(self, reason: Reason | None = None, **facts: Any) -> None:
        self.reason = reason
        self.facts = facts
        super().__init__(reason.value if reason else type(self).__name__, facts)


class BadParameter(PlanningError):
    """A value handed in by the caller cannot be understood or is not allowed.

    `name` is the parameter (or body member, as a path) as the caller wrote it, `value` what was
    given, cut to a printable length.
    """

    def __init__(self, name: str, value: object, reason: Reason, **facts: Any) -> None:
        self.name = name
        # Only what is plain is shown: a list nested a thousand deep cannot even be written out.
        self.value = str(value)[:80] if isinstance(value, str | int | float) else type(value).__name__
        super().__init__(reason, name=name, value=self.value, **facts)


class NotFound(PlanningError):
    """No object of this kind carries this public code."""

    def __init__(self, kind: str, code: str) -> None:
        self.kind = kind
        self.code = code
        super().__init__(None, kind=kind, code=code[:80])


class Gone(PlanningError):
    """A version that once was here is kept no longer, or never was; the caller begins anew."""


class Refused(PlanningError):
    """The action is understood but a rule forbids it (two members, open findings, wrong state)."""


class Forbidden(Refused):
    """The person acting is not a member of the office that owns the plan."""


class Unavailable(PlanningError):
    """The question could not be answered now (statement cancelled, connection lost).

    Never to be turned into an empty answer: a failed question is not a "no".
    """


class CannotMeasure(PlanningError):
    """A geometry cannot be measured (invalid where it must be valid, no metric system)."""


class UnreadableFile(PlanningError):
    """An uploaded file cannot be read; `code` is the rule of the import checks that says why."""

    def __init__(self, code: str, **facts: Any) -> None:
        self.code = code
        super().__init__(None, code=code, **facts)
