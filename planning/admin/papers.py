"""The form of a paper: its file is kept, hashed and measured by `planning.documents`, never typed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File

from planning.admin.trace import ReasonForm
from planning.documents import Kept, keep
from planning.errors import BadParameter
from planning.models import Document
from planning.ogcapi.problems import sentence

# What is read off the file; a hash that somebody typed would stand for bytes that nobody has.
MEASURED = ("sha256", "size", "media_type", "pages")
_NO_FILE: dict[str, Any] = {"sha256": "", "size": None, "media_type": "", "pages": None}


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
