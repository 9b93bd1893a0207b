"""Takes the demonstration out of the database again, and nothing else.

The rows of revisions are protected by triggers; they let go only of rows that belong to a
demonstration office, and only in a transaction that announces it. Publications stay, and with them
the office that made them: a revision number is never given twice.
"""

from functools import partial

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection, transaction

from planning.documents import forget_files
from planning.models import AdminUnit, CollectionFigures, Document, LayerUpload, Membership, Office, User

OF_THE_OFFICES = "IN (SELECT id FROM planning_office WHERE is_demonstration)"
PLANS = f"SELECT id FROM planning_plan WHERE office_id {OF_THE_OFFICES}"
EDITIONS = f"SELECT id FROM planning_edition WHERE plan_id IN ({PLANS})"
UPLOADS = f"SELECT id FROM planning_layerupload WHERE office_id {OF_THE_OFFICES}"

# In the order in which rows refer to each other.
DELETIONS = (
    ("coveragewithdrawal", f"office_id {OF_THE_OFFICES}"),
    ("conflictruling", f"plan_id IN ({PLANS})"),
    ("generalisedzone", f"piece_id IN (SELECT id FROM planning_zonepiece WHERE edition_id IN ({EDITIONS}))"),
    ("zonepiece", f"edition_id IN ({EDITIONS})"),
    ("restrictionpiece", f"edition_id IN ({EDITIONS})"),
    ("coverage", f"office_id {OF_THE_OFFICES}"),
    ("parcellineage", f"upload_id IN ({UPLOADS})"),
    ("parcelalias", f"upload_id IN ({UPLOADS})"),
    ("parcel", f"upload_id IN ({UPLOADS})"),
    ("planrelation", f"edition_id IN ({EDITIONS})"),
    ("proposal", f"office_id {OF_THE_OFFICES}"),
    ("planevent", f"edition_id IN ({EDITIONS})"),
    ("zone", f"edition_id IN ({EDITIONS})"),
    ("restriction", f"edition_id IN ({EDITIONS})"),
    ("finding", f"upload_id IN ({UPLOADS})"),
    ("repair", f"upload_id IN ({UPLOADS})"),
    ("cadastredelivery", f"upload_id IN ({UPLOADS})"),
    ("refusedparcel", f"upload_id IN ({UPLOADS})"),
    ("layerupload", f"office_id {OF_THE_OFFICES}"),
    ("edition", f"plan_id IN ({PLANS})"),
    ("clause", f"document_id IN (SELECT id FROM planning_document WHERE plan_id IN ({PLANS}))"),
    ("document", f"plan_id IN ({PLANS})"),
    ("planidentifier", f"plan_id IN ({PLANS})"),
    ("plan", f"office_id {OF_THE_OFFICES}"),
    (
        "territory_units",
        f"territory_id IN (SELECT code FROM planning_territory WHERE office_id {OF_THE_OFFICES})",
    ),
    ("territory", f"office_id {OF_THE_OFFICES}"),
)


@transaction.atomic
def remove_demonstration() -> dict[str, int]:
    """Deletes all that demonstration offices published; gives the number of rows per table.

    Accounts that the demonstration made are switched off; a real person who joined its office stays.
    """
    _forget_files_once_it_is_done()
    removed = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('planning.removing', 'demonstration', true)")
        for table, condition in DELETIONS:
            cursor.execute(f"DELETE FROM planning_{table} WHERE {condition}")
            removed[table] = cursor.rowcount
        cursor.execute("SELECT set_config('planning.removing', '', true)")
    # they were counted with it
    CollectionFigures.objects.all().delete()
    AdminUnit.objects.filter(boundary_is_invented=True).update(geometry=None, boundary_is_invented=False)
    members = Membership.objects.filter(office__is_demonstration=True)
    made = User.objects.filter(
        pk__in=members.values("user_id"), password__startswith=UNUSABLE_PASSWORD_PREFIX
    )
    made.filter(is_staff=False, is_superuser=False).update(is_active=False)
    members.delete()
    return removed


def _forget_files_once_it_is_done() -> None:
    """The originals go with their rows, but only when the rows are gone for good."""
    for row in LayerUpload.objects.filter(office__is_demonstration=True).exclude(file=""):
        transaction.on_commit(partial(row.file.storage.delete, row.file.name))
    papers = Document.objects.filter(plan__office__is_demonstration=True).exclude(file="")
    # a paper of a real office may have the same bytes, and then the same file
    transaction.on_commit(partial(forget_files, list(papers.values_list("file", flat=True))))


def is_loaded() -> bool:
    """Whether a demonstration office has published anything that is still there."""
    return Office.objects.filter(is_demonstration=True, plans__isnull=False).exists()
