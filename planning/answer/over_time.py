"""The history of a parcel as frozen values: what `model` says of a day, over legal time.

It asks nothing and knows no language. The wire format is `history.json` beside this module.
"""

from dataclasses import dataclass
from datetime import date, datetime

from planning.answer.model import DocumentRef, NotChecked, OtherItem, Subject, Text, ThemeAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days on which the answer stays the same: what `Answer` says on each of them.

    From `begins` (None: since ever) to `ends`, the first day that no longer counts (None: without end).
    `subject` is the parcel in its version of those days.
    """

    begins: date | None
    ends: date | None
    subject: Subject
    themes: tuple[ThemeAnswer, ...]
    upcoming: tuple[OtherItem, ...]
    superseded: tuple[OtherItem, ...]
    not_checked: tuple[NotChecked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEventRef:
    """A dated fact about an edition that has to do with the subject, as it stands after corrections.

    `kind` is that of the fact; `is_corrected` where its particulars were corrected, `is_void` where it was
    taken back (it never happened). `is_partial` where it has an extent of its own.
    """

    plan: str
    edition: str
    kind: str
    on: date
    effective_from: date
    effective_to: date | None
    is_partial: bool
    is_corrected: bool
    is_void: bool
    document: DocumentRef | None
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionRef:
    """A publication that changed something about the subject.

    `what` holds some of `zones`, `restrictions`, `coverage`, `parcel`, `lineage`, `relations`, `rulings`;
    `plans` the ids of the plans whose pieces changed, that say something of another or were ruled upon.
    """

    revision: int
    at: datetime
    office: str
    what: tuple[str, ...]
    plans: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What applied to a parcel over legal time, as known in one revision, and how that knowledge grew.

    `periods` follow each other without gap; `events` and `revisions` from the earliest to the latest.
    `subject` is the parcel in its latest version.
    """

    known_at: datetime
    revision: int
    generated_at: datetime
    engine: str
    notices: tuple[Text, ...]
    subject: Subject
    periods: tuple[Period, ...]
    events: tuple[PlanEventRef, ...]
    revisions: tuple[RevisionRef, ...]
    disclaimer: Text
