"""Every setting, read once, top to bottom."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from dyno.buffering.limits import BODY_AT_MOST
from weatheralert import watching
from weatheralert.client_limits import API_REQUESTS_A_MINUTE as API_REQUESTS_A_MINUTE
from weatheralert.client_limits import PREDICT_NOW_BURST as PREDICT_NOW_BURST
from weatheralert.client_limits import PREDICT_NOW_EVERY as PREDICT_NOW_EVERY
from weatheralert.content_policy import make_policy
from weatheralert.databases import read_database
from weatheralert.environment import (
    BASE_DIR,
    address,
    choice,
    env,
    flag,
    mail_address,
    missing,
    number,
    text,
    web_address,
    words,
)
from weatheralert.mistakes import Kind, note, stop_on_mistakes
from weatheralert.mqtt_settings import read_mqtt_settings
from weatheralert.other_processes import check_other_processes
from weatheralert.publishing import CAP_SIGNING_CERTIFICATE as CAP_SIGNING_CERTIFICATE
from weatheralert.publishing import CAP_SIGNING_KEY as CAP_SIGNING_KEY
from weatheralert.publishing import CAP_STATUS as CAP_STATUS
from weatheralert.publishing import KEEP_PUBLISHED as KEEP_PUBLISHED

# --- What kind of run this is -------------------------------------------------------------------

VAR_DIR = Path(text("VAR_DIR", str(BASE_DIR / "var")))  # what a local run writes
DEBUG: bool = flag("DEBUG")
SECRET_KEY = text("SECRET_KEY") or missing(
    "SECRET_KEY", "it signs sessions and links, and must stay secret."
)
# Keys that were before it: what they signed stays valid while they are listed (docs/deploy.md).
SECRET_KEY_FALLBACKS = words("SECRET_KEY_FALLBACKS")
# Hashes of those who want no mail ever: it stays when SECRET_KEY changes. The oldest key known.
SUPPRESSION_KEY: str = text("SUPPRESSION_KEY", [SECRET_KEY, *SECRET_KEY_FALLBACKS][-1])
ALLOWED_HOSTS = words("ALLOWED_HOSTS") or [
    missing("ALLOWED_HOSTS", "it names the hosts this site answers to.")
]
# How readers reach the site; mails need it. Everything about HTTPS follows from it.
SITE_URL: str = web_address("SITE_URL", f"https://{ALLOWED_HOSTS[0]}").rstrip("/")
IS_HTTPS = SITE_URL.startswith("https://")
COMMIT = text("HEROKU_BUILD_COMMIT") or text("HEROKU_SLUG_COMMIT")
SITE_NAME: str = text("SITE_NAME", "Weather alerts")
CONTACT_EMAIL: str = mail_address("CONTACT_EMAIL")  # of the operator, for readers
# What is not said, and has a default that only a local run can mean; see weatherapp/checks.py.
UNSET = [
    name
    for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DEFAULT_FROM_EMAIL")
    if not text(name)
]

# --- Django ---------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "weatheralert.apps.WiringConfig",
    "weatherapp.apps.WeatherappConfig",
    "weatheralert.apps.OperationConfig",
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
    "weatherapp.operations.metrics.requests.request_counts_middleware",
    # Outside of the others: what they write is compressed as well. It pads at random (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "weatherapp.pages.reader.reader_middleware",
    "weatherapp.pages.errors.errors_middleware",
    "weatheralert.hosts.hosts_middleware",
    "weatheralert.request_id.request_id_middleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "weatherapp.pages.conditional.shared_pages_middleware",
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
            "builtins": [
                "weatherapp.pages.tags",
                "weatherapp.pages.site_tags",
                "weatherapp.pages.pictures.wanted",
                "weatherapp.pages.kept_tags",
                "weatherapp.pages.row_tags",
                "django.templatetags.i18n",
            ],
            "libraries": {"cell_tags": "weatherapp.pages.cell_tags"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "weatherapp.pages.context.site",
            ],
        },
    }
]
IN_PROCESS = "django.core.cache.backends.locmem.LocMemCache"
CACHES = {
    "default": {"BACKEND": IN_PROCESS},
    # Parts of pages as they were written last, of 5 to 15 kB; whole lists of the home page, of 90 kB.
    "parts": {"BACKEND": IN_PROCESS, "LOCATION": "parts", "OPTIONS": {"MAX_ENTRIES": 150}},
    "lists": {"BACKEND": IN_PROCESS, "LOCATION": "lists", "OPTIONS": {"MAX_ENTRIES": 12}},
}
# Whether browsers keep the pages that a reader has seen, for when they are offline. Switched off, they
# forget what they have kept.
OFFLINE_PAGES = flag("OFFLINE_PAGES", default=True)
# So long a page is every reader's before anybody looks whether it is still so.
PAGES_SHARED_SECONDS: int = number("PAGES_SHARED_SECONDS", 3)
# Tiles for a map that can be moved: from the operator's choice of host, or there is no such map.
MAP_TILES_URL: str = text("MAP_TILES_URL", "")
MAP_TILES_ATTRIBUTION: str = text("MAP_TILES_ATTRIBUTION", "")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator"}
    for name in ("UserAttributeSimilarity", "MinimumLength", "CommonPassword", "NumericPassword")
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"  # also for a `next` that leads away from the site
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français")]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [BASE_DIR / "weatherapp" / "locale"]
FORMAT_MODULE_PATH = ["weatheralert.formats"]  # 24-hour times in the admin
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Database -------------------------------------------------------------------------------------

DATABASES = {"default": read_database(VAR_DIR)}

# --- Static files ---------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = Path(text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))  # what a release collects
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_ROOT = BASE_DIR / "weatherapp" / "at_root"  # what browsers look for without being told
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "weatheralert.static_files.MergedStaticFilesStorage"
    },
}

# --- Safety ---------------------------------------------------------------------------------------

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Proxies in front of the web process that add to X-Forwarded-For. HTTPS needs at least one.
PROXY_HOPS: int = number("PROXY_HOPS", 1 if IS_HTTPS else 0)
SECURE_SSL_REDIRECT = IS_HTTPS and not DEBUG
SECURE_REDIRECT_EXEMPT = [r"^(health|metrics)$"]  # probes come by plain HTTP
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if IS_HTTPS and not DEBUG else 0
# Whether the whole domain and browsers' preload lists may insist on HTTPS is the owner's choice.
# SILENCED_CHECKS names what else the operator means to be so, by the ids of the checks.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021", *words("SILENCED_CHECKS")]
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
CONTENT_SECURITY_POLICY = make_policy()

# Addresses that others choose may lead into the network around this machine. For use inside one.
NET_ALLOW_PRIVATE: bool = flag("NET_ALLOW_PRIVATE")

# --- Weather --------------------------------------------------------------------------------------

WEATHER_SOURCE = choice("WEATHER_SOURCE", "open_meteo", ("open_meteo", "replay"))
OPEN_METEO_URL: str = web_address("OPEN_METEO_URL", "https://api.open-meteo.com")
GEOCODING_URL: str = web_address("GEOCODING_URL", "https://geocoding-api.open-meteo.com")
OPEN_METEO_API_KEY: str = text("OPEN_METEO_API_KEY", "")
# Calls of a day, by weight; 0: the free service's 10,000, and with a key no limit but its plan's.
OPEN_METEO_DAILY_CALLS: int = number("OPEN_METEO_DAILY_CALLS", 0)
FETCH_LEASE = timedelta(minutes=5)  # a killed worker's places are free again after this
FETCH_BATCH = 50  # places in one request; with 100 a worker peaks 5 MB higher, and is not faster
_is_live = WEATHER_SOURCE == "open_meteo"  # then authorities' feeds are suggested, and never asked
WARNING_SOURCES_SUGGESTED: bool = flag("WARNING_SOURCES_SUGGESTED", default=_is_live)

# --- Predictions ----------------------------------------------------------------------------------

# An hour's prediction is worthless when the next hour's readings are there.
PREDICTION_EXPIRES = timedelta(seconds=number("PREDICTION_EXPIRES_SECONDS", 3600, least=1))
# A prediction older than this (by its readings) is "no data" to a rule.
PREDICTION_FRESH = timedelta(minutes=number("PREDICTION_FRESH_MINUTES", 180, least=1))
# An alert that no data confirmed for so long is over.
ALERT_EXPIRES = timedelta(hours=number("ALERT_EXPIRES_HOURS", 6, least=1))

# --- Mail -----------------------------------------------------------------------------------------

# Without a mail server mails land in a folder, which the admin shows.
EMAIL_CONFIG = address("EMAIL_URL", "filemail://", env.email_url_config, tuple(env.EMAIL_SCHEMES))
vars().update(EMAIL_CONFIG)
EMAIL_FILE_PATH: str = EMAIL_CONFIG["EMAIL_FILE_PATH"] or str(VAR_DIR / "mail")
if EMAIL_CONFIG["EMAIL_BACKEND"].endswith(".filebased.EmailBackend"):
    EMAIL_BACKEND = "weatherapp.delivery.private_folder.EmailBackend"
EMAIL_TIMEOUT = 10  # s, for each answer of the server
DEFAULT_FROM_EMAIL: str = mail_address("DEFAULT_FROM_EMAIL", "Weather alerts <alerts@localhost>")
DELIVERY_LEASE = timedelta(minutes=10)
DELIVERY_MAX_ATTEMPTS = 8
# Mails go out in runs, between which the worker does what comes in. A run begins no mail after so
# many, or so many seconds; and is cut off after its limit, whatever the mail server does.
MAILS_IN_A_ROW: int = number("MAILS_IN_A_ROW", 100, least=1)
MAIL_SECONDS_IN_A_ROW: int = number("MAIL_SECONDS_IN_A_ROW", 10, least=1)
MAIL_LIMIT_SECONDS: int = number("MAIL_LIMIT_SECONDS", 30, least=1)
if MAIL_LIMIT_SECONDS <= MAIL_SECONDS_IN_A_ROW:
    note(
        Kind.CONTRADICTION,
        "MAIL_LIMIT_SECONDS is not above MAIL_SECONDS_IN_A_ROW: every full run would be cut off.",
        "Set MAIL_LIMIT_SECONDS to some 20 s more than MAIL_SECONDS_IN_A_ROW.",
    )
# A mail about an alert that was raised, or is over, is not sent any more when it is older.
DELIVERY_EXPIRES = timedelta(hours=number("DELIVERY_EXPIRES_HOURS", 6, least=1))
DELIVERY_OVER_EXPIRES = timedelta(hours=number("DELIVERY_OVER_EXPIRES_HOURS", 24, least=1))

# --- MQTT -----------------------------------------------------------------------------------------

# For Home Assistant and others: a broker, and which places (docs/home-assistant.md).
MQTT = read_mqtt_settings([code for code, _ in LANGUAGES])

# --- Personal data --------------------------------------------------------------------------------

# How often visitors may ask to be written to: all of them, one client; and mails to one mailbox.
SUBSCRIBE_SITE_HOUR: int = number("SUBSCRIBE_SITE_HOUR", 200, least=1)
SUBSCRIBE_SITE_DAY: int = number("SUBSCRIBE_SITE_DAY", 1000, least=1)
SUBSCRIBE_CLIENT_HOUR: int = number("SUBSCRIBE_CLIENT_HOUR", 10, least=1)
SUBSCRIBE_CLIENT_DAY: int = number("SUBSCRIBE_CLIENT_DAY", 30, least=1)
SUBSCRIBE_ADDRESS_HOUR: int = number("SUBSCRIBE_ADDRESS_HOUR", 5, least=1)
SUBSCRIBE_ADDRESS_DAY: int = number("SUBSCRIBE_ADDRESS_DAY", 10, least=1)
# How long addresses and what was sent to them are kept once nobody needs them. A confirmation
# link lives for 3 days: its subscription has to be there.
KEEP_UNCONFIRMED = timedelta(days=number("KEEP_UNCONFIRMED_DAYS", 7, least=4))
KEEP_UNSUBSCRIBED = timedelta(days=number("KEEP_UNSUBSCRIBED_DAYS", 30, least=1))
KEEP_DELIVERIES = timedelta(days=number("KEEP_DELIVERIES_DAYS", 90, least=1))

# --- Watching over the site -----------------------------------------------------------------------

HEARTBEAT_URL = watching.HEARTBEAT_URL
METRICS_TOKEN = watching.METRICS_TOKEN
METRICS_NETWORKS = watching.METRICS_NETWORKS
LOGGING = watching.LOGGING

check_other_processes()
stop_on_mistakes()
