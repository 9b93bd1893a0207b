"""A revision is announced to the jobs that follow it, in the transaction that makes it.

Jobs are rows of the same database: with the revision they are there, or neither is. They are called by
name, for they know verbs of layers above.
"""

from procrastinate.contrib.django import app

# What follows every publication; `planning.jobs` says what each does.
COUNT_COLLECTIONS = "count_collections"
PURGE_CACHES = "purge_caches"


def announce(revision: int) -> None:
    """Have the jobs done that follow a publication, once it is committed."""
    for job in (COUNT_COLLECTIONS, PURGE_CACHES):
        app.configure_task(name=job).defer(revision=revision)
