"""Staged content becomes public in one numbered revision, and the pieces that everything reads are built.

`release` holds the verbs, `gate` the conditions, `revision` the lock, the number and the two members who
stand for it, `law` the legal validity computed from dated facts, `cut` its effect on one zone, `pieces`
their storage. It knows no HTTP; the acts of a plan's life are in `planning.lifecycle`.
"""

from planning.publication.release import publish, publish_event

__all__ = ["publish", "publish_event"]
