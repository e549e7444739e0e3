"""Every setting, read once, top to bottom."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from dyno.buffering.limits import BODY_AT_MOST
from dyno.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")  # the environment itself wins


def text(name: str, default: str = "") -> str:
    """The variable's value; an empty one counts as not set."""
    value: str = env.str(name, default="")
    return value or default


def number(name: str, default: int) -> int:
    """A whole number; anything else stops the start here."""
    value = text(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, got {value!r}.")
    return int(value)


def required(name: str, why: str) -> str:
    """The variable's value; without one the start stops here."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set: {why} Set it in the environment (see .env.example), "
            "or start with `make run`, which writes local values into .env."
        )
    return value


# --- What kind of run this is -------------------------------------------------------------------

VAR_DIR = Path(text("VAR_DIR", str(BASE_DIR / "var")))  # what a local run writes
DEBUG: bool = env.bool("DEBUG", default=False)
SECRET_KEY = required("SECRET_KEY", "it signs sessions and links, and must stay secret.")
ALLOWED_HOSTS = [
    host.strip()
    for host in required("ALLOWED_HOSTS", "it names the hosts this site answers to.").split(",")
    if host.strip()
]
# How readers reach the site; mails need it. Everything about HTTPS follows from it.
SITE_URL: str = text("SITE_URL", f"https://{ALLOWED_HOSTS[0]}").rstrip("/")
IS_HTTPS = SITE_URL.startswith("https://")
COMMIT = text("HEROKU_BUILD_COMMIT") or text("HEROKU_SLUG_COMMIT")
SITE_NAME: str = text("SITE_NAME", "Weather alerts")

# --- Django ---------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "weatheralert.apps.WiringConfig",
    "weatherapp.apps.WeatherappConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
]
MIDDLEWARE = [
    "weatheralert.request_id.request_id_middleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "weatheralert.urls"
WSGI_APPLICATION = "weatheralert.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "weatherapp.pages.context.site",
            ],
        },
    }
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LANGUAGE_CODE = "en-gb"  # 24-hour times in the admin
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Database -------------------------------------------------------------------------------------

DATABASES = {
    "default": env.db_url_config(text("DATABASE_URL", f"sqlite:///{VAR_DIR}/site.sqlite3"))
}
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    Path(_database["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    _database["OPTIONS"] = {
        # Take the write lock at the beginning: a transaction that reads first and writes later
        # would fail at once, instead of waiting, when another process has written meanwhile.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # s
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        # 1 MB of pages a connection instead of 2: the system keeps the file in memory anyway.
        "PRAGMA cache_size=-1000;",
    }
else:
    _database["CONN_MAX_AGE"] = 60  # s
    _database["CONN_HEALTH_CHECKS"] = True
    _database.setdefault("OPTIONS", {})
    # gunicorn's --timeout does not end a slow request with threads: the database does.
    _database["OPTIONS"].setdefault("options", "-c statement_timeout=20s")
    _database["OPTIONS"].setdefault("connect_timeout", 5)

# --- Static files ---------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
WHITENOISE_USE_FINDERS = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Safety ---------------------------------------------------------------------------------------

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Proxies in front of the web process that add to X-Forwarded-For. HTTPS needs at least one.
PROXY_HOPS: int = number("PROXY_HOPS", 1 if IS_HTTPS else 0)
SECURE_SSL_REDIRECT = IS_HTTPS and not DEBUG
SECURE_REDIRECT_EXEMPT = [r"^health$"]  # probes come by plain HTTP
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if IS_HTTPS and not DEBUG else 0
# Whether the whole domain and browsers' preload lists may insist on HTTPS is the owner's choice.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [SITE_URL]
X_FRAME_OPTIONS = "DENY"
# The web process refuses larger bodies by itself, and the site takes no files: none reaches a disk.
DATA_UPLOAD_MAX_MEMORY_SIZE = BODY_AT_MOST
DATA_UPLOAD_MAX_NUMBER_FILES = 0
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = BODY_AT_MOST
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # data: the admin's icons in its style sheets
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# --- Weather --------------------------------------------------------------------------------------

WEATHER_SOURCE = text("WEATHER_SOURCE", "open_meteo")
if WEATHER_SOURCE not in ("open_meteo", "replay"):
    raise ImproperlyConfigured(
        f"WEATHER_SOURCE must be open_meteo or replay, got {WEATHER_SOURCE!r}."
    )
OPEN_METEO_URL: str = text("OPEN_METEO_URL", "https://api.open-meteo.com")
OPEN_METEO_API_KEY: str = text("OPEN_METEO_API_KEY", "")
FETCH_LEASE = timedelta(minutes=5)  # a killed worker's places are free again after this
FETCH_BATCH = 100  # places in one request

# --- Predictions ----------------------------------------------------------------------------------

# An hour's prediction is worthless when the next hour's readings are there.
PREDICTION_EXPIRES = timedelta(seconds=number("PREDICTION_EXPIRES_SECONDS", 3600))
# How often one client may ask for a prediction: so many at once, and one more after each pause.
PREDICT_NOW_BURST: int = number("PREDICT_NOW_BURST", 10)
PREDICT_NOW_EVERY = timedelta(seconds=number("PREDICT_NOW_EVERY_SECONDS", 6))
# A prediction older than this (by its readings) is "no data" to a rule.
PREDICTION_FRESH = timedelta(minutes=number("PREDICTION_FRESH_MINUTES", 180))
# An alert that no data confirmed for so long is over.
ALERT_EXPIRES = timedelta(hours=number("ALERT_EXPIRES_HOURS", 6))

# --- Mail -----------------------------------------------------------------------------------------

# Without a mail server mails land in a folder, which the admin shows.
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_CONFIG = env.email_url_config(text("EMAIL_URL", f"filemail:///{EMAIL_FILE_PATH}"))
vars().update({key: value for key, value in EMAIL_CONFIG.items() if key != "EMAIL_FILE_PATH"})
EMAIL_TIMEOUT = 15  # s
DEFAULT_FROM_EMAIL: str = text("DEFAULT_FROM_EMAIL", "Weather alerts <alerts@localhost>")
DELIVERY_LEASE = timedelta(minutes=10)
DELIVERY_MAX_ATTEMPTS = 8

# --- Logs -----------------------------------------------------------------------------------------

LOGGING = logging_config(level=text("LOG_LEVEL", ""), log_format=text("LOG_FORMAT", ""))

django_stubs_ext.monkeypatch()
