"""Who acts: users, the offices that publish plans, and who may do what for which office."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person who signs in; rights come from memberships, never from the account itself."""

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")


class Office(models.Model):
    """An authority (cơ quan) that publishes plans and gives the binding answer about them."""

    id = models.SlugField(primary_key=True, max_length=60)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    phone = models.CharField(_("telephone"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    url = models.URLField(_("web site"), blank=True)
    hours = models.CharField(_("opening hours"), max_length=200, blank=True)
    answer_days = models.PositiveSmallIntegerField(
        _("answer time"), default=10, help_text=_("working days in which a written request is answered")
    )
    is_demonstration = models.BooleanField(
        _("demonstration"),
        default=False,
        help_text=_("everything this office publishes is invented and is marked so wherever it is shown"),
    )

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member may do for the office."""

    PLANNER = "planner", _("planner")
    REVIEWER = "reviewer", _("reviewer")
    OFFICER = "officer", _("officer")
    MODERATOR = "moderator", _("moderator")


class Membership(models.Model):
    """A user acts for an office in a role; nobody touches the plans of another office."""

    user = models.ForeignKey(
        "planning.User", models.CASCADE, related_name="memberships", verbose_name=_("user")
    )
    office = models.ForeignKey(Office, models.CASCADE, related_name="memberships", verbose_name=_("office"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["user", "office", "role"], name="membership_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.office} · {self.get_role_display()}"
