"""The domain and its APIs as one Django app; it knows no portal."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlanningConfig(AppConfig):
    """One label, one migration history."""

    name = "planning"
    verbose_name = _("Planning")

    def ready(self) -> None:
        from planning import system_checks  # noqa: F401 - registers them; needs the apps to be loaded
