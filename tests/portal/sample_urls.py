"""The addresses of the service, and one page for every sample answer: `/samples/<name>`."""

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal import urls, views
from portal.asking import When
from portal.reading import read
from tests.portal.samples import SAMPLES

handler400 = urls.handler400
handler403 = urls.handler403
handler404 = urls.handler404
handler500 = urls.handler500


def sample(request: HttpRequest, name: str) -> HttpResponse:
    """A sample answer, printed by the very code that prints stored ones."""
    answer = SAMPLES[name]
    when = When(as_at=answer.as_at, known_at=None)
    return views.answer_page(request, read(answer, views.language_of(request)), when)


urlpatterns = [
    *i18n_patterns(path("samples/<str:name>", sample), prefix_default_language=False),
    *urls.urlpatterns,
]
