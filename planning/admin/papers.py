"""The form of a paper: its file is kept, hashed and measured by `planning.documents`, never typed."""

from dataclasses import dataclass
from typing import Any

from django.contrib.admin.widgets import AdminFileWidget
from django.core.exceptions import ValidationError
from django.core.files import File
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from planning.admin.trace import ReasonForm
from planning.documents import Kept, keep
from planning.errors import BadParameter
from planning.models import Document
from planning.ogcapi.problems import sentence

# What is read off the file; a hash that somebody typed would stand for bytes that nobody has.
MEASURED = ("sha256", "size", "media_type", "pages")
_NO_FILE: dict[str, Any] = {"sha256": "", "size": None, "media_type": "", "pages": None}


@dataclass(frozen=True, slots=True)
class _Opened:
    """A file under the address at which it is served: by its hash, to the own office before it is public."""

    sha256: str

    @property
    def url(self) -> str:
        return reverse("document", args=[self.sha256])

    def __str__(self) -> str:
        return f"{self.sha256[:12]}…"


class PaperInput(AdminFileWidget):
    """A file to hand in, with the one that is there."""

    def format_value(self, value: Any) -> Any:
        document = getattr(value, "instance", None)
        return _Opened(document.sha256) if document is not None and document.sha256 else None


def link_to(document: Document) -> SafeString | str:
    """Where the file is opened."""
    if not document.sha256:
        return "—"
    opened = _Opened(document.sha256)
    return format_html('<a href="{}">{}</a>', opened.url, opened)


class PaperForm(ReasonForm):
    """A paper whose file goes to the vault; the admin holds the whole request in one transaction."""

    kept: Kept | None = None

    def clean_file(self) -> Any:
        given = self.cleaned_data["file"]
        if "file" in self.changed_data and isinstance(given, File):
            try:
                self.kept = keep(given)
            except BadParameter as error:
                raise ValidationError(sentence(error)) from error
        return given

    def save(self, commit: bool = True) -> Document:
        document: Document = super().save(commit=False)
        columns = self.kept.columns() if self.kept else {} if document.file else _NO_FILE
        for name, value in columns.items():
            setattr(document, name, value)
        if commit:
            document.save()
            self.save_m2m()
        return document
