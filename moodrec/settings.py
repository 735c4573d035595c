"""Every setting, from the environment; a bare checkout runs with none."""

import hashlib
import os
import sys
import tempfile
from pathlib import Path

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from tzlocal import get_localzone_name

from moodrec import __version__
from moodrec.security.keys import checked, load_or_create

django_stubs_ext.monkeypatch()  # lets fields and admins name their types at run time
env = environ.FileAwareEnv()  # NAME_FILE names a file that holds the value of NAME

# --- where things are -------------------------------------------------------------------------
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "data"))).resolve()
PORT = env.int("PORT", 5000)
BASE_PATH = "/".join(["", *filter(None, env.str("BASE_PATH", "").split("/"))])  # "/moods", or ""
FORCE_SCRIPT_NAME = BASE_PATH or None
BIND = env.str("BIND", "0.0.0.0")  # noqa: S104 (the phones of the household must reach it)
VERSION = __version__


# --- secrets: made on the first run, kept in the data directory -------------------------------
def _kept(name: str, *, fernet: bool = False) -> str:
    try:
        return load_or_create(DATA_DIR / "secrets" / name, fernet=fernet)
    except OSError as error:
        who = f"user {os.getuid()} ({error.strerror})"
        sys.exit(f"{DATA_DIR} can't be written by {who}. Set DATA_DIR or its owner.")


SECRET_KEY = checked("SECRET_KEY", env.str("SECRET_KEY", "") or _kept("session.key"))
DATA_KEYS = env.list("DATA_KEYS", default=[]) or [  # newest first; see EncryptedTextField
    _kept("data.key", fernet=True)
]

# --- who may talk to us -----------------------------------------------------------------------
DEBUG = env.bool("DEBUG", False)
HOUSEHOLD_HOSTS = env.list("ALLOWED_HOSTS", default=[])  # beside home names: see security.hosts
ALLOWED_HOSTS = ["*"]  # HomeHostMiddleware decides, before anything else looks at the request
CSRF_TRUSTED_ORIGINS = env.list("TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", False)  # behind a proxy that speaks https
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = False  # the proxy's business
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SESSION_COOKIE_NAME = "moodrec_session"
CSRF_COOKIE_NAME = "moodrec_csrf"
LANGUAGE_COOKIE_NAME = "moodrec_language"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = LANGUAGE_COOKIE_PATH = f"{BASE_PATH}/"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # the table of moods has ten fields a genre
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
        "worker-src": [SELF],
    }
}

# --- the parts --------------------------------------------------------------------------------
INSTALLED_APPS = [
    "recommender",
    "mlmodel",
    "feedback",
    "plexsync",
    "moodrec",
    "moodrec.jobs.apps.JobsConfig",
    "moodrec.security.apps.SecurityConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",  # thousands of titles read better with a separator
    "rest_framework",
    "django_filters",
    "knox",
    "moodrec.security.apps.SignInsConfig",  # django-axes
    "csp",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "moodrec.delivery.CarefulHeadersMiddleware",
    "moodrec.security.hosts.HomeHostMiddleware",  # those above add headers only, to its refusal too
    "whitenoise.middleware.WhiteNoiseMiddleware",  # its files are compressed already
    "moodrec.delivery.CompressText",
    "moodrec.security.sessions.LastingSessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "moodrec.pages.errors.FriendlyErrorsMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "moodrec.security.doors.DeniesUnlessOpenMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "moodrec.device.DeviceTimeZoneMiddleware",
    "moodrec.once.OncePerRequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "moodrec.urls"
WSGI_APPLICATION = "moodrec.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "plexsync.context.connection",
                "mlmodel.page.banner.model_trouble",
            ]
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- the database -----------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",  # read-then-write transactions queue up, none fails
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA temp_store=MEMORY;"
            "PRAGMA journal_size_limit=67108864;PRAGMA cache_size=-16000"
        ),
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

# --- the broker and its worker ----------------------------------------------------------------
_RUN_DIR = DATA_DIR / "run"
BROKER_SOCKET = _RUN_DIR / "valkey.sock"
if len(str(BROKER_SOCKET)) > 100:  # a unix socket's path must fit in 107 bytes
    _SHORT = hashlib.sha256(str(DATA_DIR).encode()).hexdigest()[:16]
    BROKER_SOCKET = Path(tempfile.gettempdir()) / f"moodrec-{_SHORT}" / "valkey.sock"
REDIS_URL = env.str("REDIS_URL", "")
CELERY_BROKER_URL = REDIS_URL or f"redis+socket://{BROKER_SOCKET}"
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 50
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 6 * 3600,  # longer than any task; job leases bring lost work back sooner
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "max_retries": 0,
}
CELERY_TIMEZONE = "UTC"
JOB_LEASE_SECONDS = env.float("JOB_LEASE_SECONDS", 45.0)  # a worker silent for so long is gone
JOB_TICK_SECONDS = env.float("JOB_TICK_SECONDS", 30.0)  # how often somebody looks
_TICK = {"schedule": JOB_TICK_SECONDS, "options": {"expires": JOB_TICK_SECONDS * 0.8}}
CELERY_BEAT_SCHEDULE = {"tick": {"task": "moodrec.jobs.tick", **_TICK}}
JOB_KINDS = {
    "sync": "plexsync.sync.run",
    "train": "mlmodel.learn.run",
    "plays": "feedback.watching.run",
    "stars": "feedback.stars.run",
    "shelves": "recommender.give.run",
}
JOBS_FOR_ALL = ["sync", "train"]  # the others name people: the owner's to see
JOB_AFTER = {"sync": ["plays"]}  # kinds that follow one that succeeded
JOB_EVERY_HOURS = {
    "sync": env.float("SYNC_EVERY_HOURS", 6.0),  # 0 turns a schedule off
    "train": env.float("TRAIN_EVERY_HOURS", 24.0),
    "plays": env.float("PLAYS_EVERY_HOURS", 1.0),
    "stars": env.float("STARS_EVERY_HOURS", 1.0),
    "shelves": env.float("SHELVES_EVERY_HOURS", 24.0),
}

# --- Plex -------------------------------------------------------------------------------------
PLEX_URL = env.str("PLEX_URL", "")
PLEX_TOKEN = env.str("PLEX_TOKEN", "")
PLEX_TV_URL = env.str("PLEX_TV_URL", "https://plex.tv")
PLEX_APP_URL = env.str("PLEX_APP_URL", "https://app.plex.tv")  # where people say yes, and watch
CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append(PLEX_APP_URL)  # "Sign in with Plex"
_INSTALL = hashlib.sha256(f"plex client {DATA_KEYS[-1]}".encode()).hexdigest()
PLEX_CLIENT_IDENTIFIER = f"moodrec-{_INSTALL[:32]}"  # what plex.tv lists this install as, for good
DEMO_PORT = env.int("DEMO_PORT", PORT + 10_000 if PORT < 50_000 else PORT - 10_000)
DEMO_PLEX_URL = env.str("DEMO_PLEX_URL", f"http://127.0.0.1:{DEMO_PORT}")
DEMO_PLEX_IS_OURS = "DEMO_PLEX_URL" not in env.ENVIRON  # else another container runs it
DEMO_PLEX_TOKEN = hashlib.sha256(f"demo {DATA_KEYS[-1]}".encode()).hexdigest()[:32]
DEMO_WANTED = DATA_DIR / "run" / "demo-wanted"  # while this file exists, `up` runs the demo server

POSTER_CACHE_MB = env.float("POSTER_CACHE_MB", 500.0)  # pictures kept on disk; least used go first

# --- the learner ------------------------------------------------------------------------------
MODEL_KIND = env.str("MODEL", "logistic")  # or tree

# --- signing in -------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # counts failures in the database, for all processes
    "django.contrib.auth.backends.ModelBackend",
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "locked_out.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "tonight"
LOGOUT_REDIRECT_URL = "sign-in"
SESSION_COOKIE_AGE = 90 * 24 * 3600  # a phone in the living room stays signed in

# --- the API ----------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "knox.auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "moodrec.bigtables.Pages",
    "PAGE_SIZE": 50,
    "DEFAULT_PARSER_CLASSES": ["moodrec.security.json.CarefulJSONParser"],
    "STRICT_JSON": True,
}
REST_KNOX = {"TOKEN_TTL": None, "AUTO_REFRESH": False}
SPECTACULAR_SETTINGS = {
    "TITLE": "MoodRec",
    "DESCRIPTION": "One to three titles you own, by mood and moment.",
    "VERSION": VERSION,
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,  # each of ours says itself
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
}

# --- language, time, static files, logs -------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["moodrec.formats"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TZ", "") or get_localzone_name() or "UTC"
STATIC_URL = f"{BASE_PATH}/static/"
STATIC_ROOT = DATA_DIR / "static"  # `up` gathers them there; empty: served from where they lie
STATIC_GATHERED = not DEBUG and (STATIC_ROOT / "staticfiles.json").exists()
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not STATIC_GATHERED
WHITENOISE_IMMUTABLE_FILE_TEST = r"\.[0-9a-f]{12}\."  # a name by content: asked for once
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "moodrec.static_files.NamedByContent"
        if STATIC_GATHERED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
DEFAULT_EXCEPTION_REPORTER = "moodrec.security.reports.RedactingReporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "moodrec.security.reports.NoSecretsFilter"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "moodrec.security.redaction.RedactingFormatter",
            "format": "%(asctime)s %(levelname)-7s %(name)s: %(message)s",
        }
    },
    "filters": {"broker_away": {"()": "moodrec.broker_away.OneLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        "axes": {"level": "WARNING"},
        "celery.beat": {"filters": ["broker_away"]},
        "celery.worker.consumer.consumer": {"filters": ["broker_away"]},
        "py.warnings": {"filters": ["broker_away"]},
        "urllib3": {"level": "INFO"},  # its DEBUG tells addresses, and a Plex Home PIN is in one
    },
}
