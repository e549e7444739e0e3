"""Settings of the tests: the real ones, with local values for what production must name."""

import os
from pathlib import Path
from tempfile import mkdtemp

from tests.postgres import start_postgres

os.environ.setdefault("SECRET_KEY", "tests-only")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ.setdefault("SITE_URL", "http://testserver")
if os.environ.get("TEST_DATABASE") == "postgres":
    os.environ["DATABASE_URL"] = start_postgres(Path(mkdtemp()))
os.environ.setdefault("DATABASE_URL", f"sqlite:///{mkdtemp()}/site.sqlite3")
os.environ.setdefault("WEATHER_SOURCE", "replay")

from weatheralert.settings import *  # noqa: F403 - the variables above come first

EMAIL_FILE_PATH = str(Path(mkdtemp()) / "mail")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
