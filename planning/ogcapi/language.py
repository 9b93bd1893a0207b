"""Request -> the language of its answer: `lang=` wins, then Accept-Language, then the service's own.

Below `/api/` and `/ogc/` there is no language in the path and no cookie is read.
"""

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)


def language_of(request: HttpRequest) -> str:
    """The language to answer in; a wrong `lang=` is complained of elsewhere, in the next best language."""
    wished = _wished(request)
    if wished in LANGUAGES:
        return wished
    for code, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if code.split("-")[0] in LANGUAGES:
            return code.split("-")[0]
        if code == "*":
            break
    return settings.LANGUAGE_CODE


def _wished(request: HttpRequest) -> str:
    try:
        return request.GET.get("lang", "")
    except SuspiciousOperation:
        # A query string that cannot be read is complained of too, and that needs a language.
        return ""


def activate_language(request: HttpRequest) -> str:
    """Speak the language of the request from here to its end (the next request chooses anew)."""
    language = language_of(request)
    translation.activate(language)
    return language
