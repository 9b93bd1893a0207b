"""Staged content becomes public in one numbered revision, and the pieces that everything reads are built.

`release` holds the verbs, `declarations` those of coverage, `gate` and `rules` the conditions, `revision`
the lock, the number and the two members who stand for it, `announce` the jobs that follow, `law` the legal
validity computed from dated facts, `cut` its effect on one zone, `pieces` their storage, `preview` what an
event would change. It knows no HTTP; the acts of a plan's life are in `planning.lifecycle`.
"""

from planning.publication.declarations import declare_coverage, withdraw_coverage
from planning.publication.preview import Effect, Transition, preview_event
from planning.publication.release import publish, publish_event, publish_ruling
from planning.publication.rules import UNDECIDED

__all__ = [
    "UNDECIDED",
    "Effect",
    "Transition",
    "declare_coverage",
    "preview_event",
    "publish",
    "publish_event",
    "publish_ruling",
    "withdraw_coverage",
]
