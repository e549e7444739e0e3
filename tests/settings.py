"""Settings of the tests: the real ones, with local values for what production must name."""

import os
from pathlib import Path
from tempfile import mkdtemp

from tests.postgres import start_postgres, trust_the_disk

FOLDER = Path(mkdtemp(prefix="weatheralert-tests-"))

os.environ.setdefault("SECRET_KEY", "tests-only")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ.setdefault("SITE_URL", "http://testserver")
os.environ.setdefault("WEATHER_SOURCE", "replay")
os.environ.setdefault("PAGES_SHARED_SECONDS", "0")  # what a test changes, it sees at once
# pytest's workers inherit the address of the one server, in which each has a database of its own.
if os.environ.get("TEST_DATABASE") == "postgres" and "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ["DATABASE_URL"] = start_postgres(FOLDER)
    trust_the_disk(os.environ["DATABASE_URL"])
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER}/site.sqlite3")

from weatheralert import settings as real

globals().update({name: getattr(real, name) for name in dir(real) if name.isupper()})

DATABASES = real.DATABASES
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in production: databases in memory lock differently.
    DATABASES["default"]["TEST"] = {"NAME": str(FOLDER / "test.sqlite3")}
STATIC_ROOT = FOLDER / "static"
STATIC_ROOT.mkdir()
EMAIL_FILE_PATH = str(FOLDER / "mail")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = real.STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
