"""The product's settings, less what would make tests slow or keep static files from being served."""

import os

# The test client speaks plain HTTP; the settings for HTTPS have tests of their own.
os.environ["PUBLIC_URL"] = "http://testserver"
os.environ["SECRET_KEY"] = "of the tests alone, which keep nothing"
os.environ.pop("SECRET_KEY_FILE", None)
# Playwright's event loop runs in the thread of the test; the test asks the database from it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from portal.settings import *  # noqa: F403
from portal.settings import LOCAL_DIR, STORAGES

# The live server serves files as they lie; one test runs the real door with hashed names.
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = LOCAL_DIR / "test-uploads"
# Files are looked for when asked, so that no collected folder is needed.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
