"""All settings, read from the environment; every variable is listed in README.md."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from conso_duel import environment
from conso_duel.console import PRODUCT_NAME
from conso_duel.environment import (
    env_bool,
    env_choice,
    env_int,
    env_list,
    env_model_keys,
    env_networks,
    env_text,
)

BASE_DIR = Path(__file__).resolve().parent.parent
STATE_DIR = Path(env_text("CONSO_STATE_DIR", str(BASE_DIR / ".state")))

PRODUCTION = env_bool("CONSO_PRODUCTION", False)
DEBUG = environment.debug(PRODUCTION)
SECRET_KEY = environment.secret_key(STATE_DIR, PRODUCTION)
SECRET_KEY_FALLBACKS = env_list("CONSO_SECRET_KEY_FALLBACKS", [])  # older ones, whose signatures hold
ALLOWED_HOSTS = env_list("CONSO_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env_list("CONSO_CSRF_TRUSTED_ORIGINS", [])

# In floor order: see tests/test_floors.py.
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "web",
    "models_registry",
    "duels",
    "leaderboard",
    "learn",
    "recordings",
    "workshops",
    "open_data",
    "conso_duel",
]

MIDDLEWARE = [
    "conso_duel.middleware.request_log.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "conso_duel.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "conso_duel.middleware.second_factor_due.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "conso_duel.site.errors.WrongMethodMiddleware",
    "duels.middleware.PersonalPagesMiddleware",
    "duels.middleware.DatabaseUnavailableMiddleware",
]

ROOT_URLCONF = "conso_duel.urls"
ASGI_APPLICATION = "conso_duel.asgi.application"

TEMPLATE_LOADERS = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            # Without the cache where templates are being edited: `make dev` shows each change.
            "loaders": TEMPLATE_LOADERS
            if DEBUG
            else [("django.template.loaders.cached.Loader", TEMPLATE_LOADERS)],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["web.templatetags.dates", "web.templatetags.site_identity"],
        },
    },
]

# Concurrency of one process.
# Web: each thread makes one page at a time; streams need none.
PAGE_THREADS, PAGE_THREADS_PER_HOUSEHOLD = 40, 8
# Under a rush, new duels wait outside of the page threads, so that those who read or vote find one free.
NEW_DUELS_AT_ONCE = 4
NEW_DUEL_MAX_WAIT_SECONDS = 10
# Worker: one thread for each duel that is being written, started when it is needed.
WORKER_THREADS = env_int("CONSO_WORKER_THREADS", 400, at_least=1)
CELERY_WORKER_POOL = "threads"
CELERY_WORKER_CONCURRENCY = WORKER_THREADS
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Both: connections to PostgreSQL and to Redis; redis-py's own limit is 100.
DB_POOL_SIZE = env_int("CONSO_DB_POOL_SIZE", 20, at_least=1)
REDIS_MAX_CONNECTIONS = env_int("CONSO_REDIS_MAX_CONNECTIONS", 2000, at_least=1)

# Database: SQLite in WAL mode unless DATABASE_URL names a PostgreSQL.
DATABASE_URL = env_text("DATABASE_URL", f"sqlite:///{STATE_DIR / 'conso_duel.sqlite3'}")
DATABASES: dict[str, Any] = {"default": environment.database(DATABASE_URL)}
if DATABASES["default"]["ENGINE"] == environment.SQLITE:
    # IMMEDIATE: a writer waits for its turn at the start, instead of failing half way through.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    # A connection that the server has closed meanwhile is replaced before it is used.
    DATABASES["default"]["ENGINE"] = "conso_duel.postgresql"
    # Threads of an ASGI server come and go: connections live in a pool, not in threads.
    DATABASES["default"]["OPTIONS"] = {
        # Frequent statements are planned once per connection (docs/performance.md).
        "server_side_binding": True,
        "prepare_threshold": 5,
        # Attempts to reconnect end when the pages that wait for them time out, so that the next page starts
        # again at once: by default the pool doubles its delay after each failure, up to minutes.
        "pool": {
            "min_size": 1,
            "max_size": DB_POOL_SIZE,
            "timeout": 10,
            "reconnect_timeout": 10,
        },
    }
DATABASE_ROUTERS = ["models_registry.exchange.rehearsal.RehearsalRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis: the broker of Celery and the streams of the duels.
REDIS_URL = env_text("REDIS_URL", "redis://127.0.0.1:6379/0")

# An answer whose worker has sent no heartbeat for so long has failed; six are due in that time.
STALE_AFTER_SECONDS = env_int("CONSO_STALE_AFTER_SECONDS", 30, at_least=1)
REAPER_PERIOD_SECONDS = STALE_AFTER_SECONDS / 3  # how often beat starts the reaper
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Our database records which worker has claimed what, and the reaper queues again what was lost: the broker
# acknowledges nothing. With kombu 5.7, acknowledgements end a busy worker when the broker restarts.
CELERY_BROKER_TRANSPORT_OPTIONS = {"ack_emulation": False}
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker as long as it takes
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # in memory: its file on a full disk would end the clock

# How often may be asked, a follow-up or a second try included; 0 sets no limit. See duels/rate_limits.py.
# Per session, a hurried pupil asks every 30 s. Per address, a whole school shares one: 50 times as often.
LIMIT_SESSION_PER_HOUR = env_int("CONSO_LIMIT_SESSION_PER_HOUR", 120)
LIMIT_ADDRESS_PER_HOUR = env_int("CONSO_LIMIT_ADDRESS_PER_HOUR", 6_000)
LIMIT_SITE_PER_DAY = env_int("CONSO_LIMIT_SITE_PER_DAY", 200_000)
LIMIT_RUNNING_DUELS = env_int("CONSO_LIMIT_RUNNING_DUELS", 8)  # of one session, at the same time
# Of one address: two for each pupil of a class. Less where the workers are busy (web/concurrency_slots.py).
LIMIT_RUNNING_ADDRESS = env_int("CONSO_LIMIT_RUNNING_ADDRESS", 60)
# Models whose answers cost at least so much, in euros per million tokens, are drawn less often for each.
EXPENSIVE_FROM_EUR = env_int("CONSO_EXPENSIVE_FROM_EUR", 10)
LIMIT_EXPENSIVE_SESSION_PER_DAY = env_int("CONSO_LIMIT_EXPENSIVE_SESSION_PER_DAY", 40)
LIMIT_EXPENSIVE_ADDRESS_PER_DAY = env_int("CONSO_LIMIT_EXPENSIVE_ADDRESS_PER_DAY", 2_000)
# Requests of one address to the programming interface (api/address_limit.py): an hour's worth at once.
LIMIT_API_PER_HOUR = env_int("CONSO_LIMIT_API_PER_HOUR", 3_600)
# Which environment variable may be sent as a key to which server, beside those of backends/presets.py; and
# whether models may answer from this machine and from private networks, where a site's own services live.
MODEL_KEYS = env_model_keys("CONSO_MODEL_KEYS")
PRIVATE_MODELS = env_bool("CONSO_PRIVATE_MODELS", not PRODUCTION)
# How fast the text of an answer is shown at most, both sides alike: see duels/relay/pacer.py. 0 sets no pace.
PACE_TOKENS_PER_SECOND = env_int("CONSO_PACE_TOKENS_PER_SECOND", 45)
# How long a web process caches which models can play; 0 reads them for each page.
CANDIDATES_TTL_SECONDS = env_int("CONSO_CANDIDATES_TTL_SECONDS", 2)
# Where no proxy stands in front: a class of 40, each with six connections and the streams of some tabs.
LIMIT_CONNECTIONS_ADDRESS = env_int("CONSO_LIMIT_CONNECTIONS_ADDRESS", 512)
# Streams of events that one web process keeps open at a time; a page without one asks again and again.
LIMIT_STREAMS_SESSION, LIMIT_STREAMS_ADDRESS = 16, 256
# And those of all workshops at one address: 1,000 people who each read a view and, for a while, two answers.
LIMIT_STREAMS_WORKSHOPS = 2_048
# Where many people vote at once: as many votes count as twenty classes cast (duels/votes/vote_counting.py).
SCHOOL_NETWORKS = env_networks("CONSO_SCHOOL_NETWORKS")
# Votes within a minute from which the log and the health page give the alert; 0 never does.
ALERT_VOTES_PER_MINUTE = env_int("CONSO_ALERT_VOTES_PER_MINUTE", 120)
# How many of our reverse proxies stand before the web server; each appends the address it was called from.
PROXIES = env_int("CONSO_PROXIES", 0)

# How long duels are stored and their visitor can find them: a year, so that a class can come back to them.
KEEP_DUELS_DAYS = env_int("CONSO_KEEP_DUELS_DAYS", 365, at_least=1)

# The name that this site gives itself, its logo (a file), and the sentence that welcomes on its first page.
SITE_NAME = env_text("CONSO_SITE_NAME", PRODUCT_NAME)
SITE_LOGO = environment.env_image("CONSO_SITE_LOGO")
SITE_WELCOME = {"fr": env_text("CONSO_SITE_WELCOME"), "en": env_text("CONSO_SITE_WELCOME_EN")}

# Who may open a workshop, and after how many hours without a sign it is deleted with all that belongs to it.
WORKSHOP_OPENERS = env_choice("CONSO_WORKSHOPS", ("everybody", "curators", "nobody"))
WORKSHOP_HOURS = env_int("CONSO_WORKSHOP_HOURS", 24, at_least=1)
LIMIT_WORKSHOP_DUELS_PER_HOUR = env_int("CONSO_LIMIT_WORKSHOP_DUELS_PER_HOUR", 60)  # of one workshop

# The facts that the law requires of a site's publisher; the page and `check --deploy` name those missing.
LEGAL_PUBLISHER = env_text("CONSO_LEGAL_PUBLISHER")
LEGAL_ADDRESS = env_text("CONSO_LEGAL_ADDRESS")
LEGAL_PHONE = env_text("CONSO_LEGAL_PHONE")
LEGAL_EMAIL = env_text("CONSO_LEGAL_EMAIL")
LEGAL_DIRECTOR = env_text("CONSO_LEGAL_DIRECTOR")
LEGAL_HOST = env_text("CONSO_LEGAL_HOST")

# The token of /metrics (Authorization: Bearer …); without it /metrics is closed.
METRICS_TOKEN = env_text("CONSO_METRICS_TOKEN")

# Static files: hashed names, compressed once by collectstatic.
STATIC_URL = "/static/"
STATIC_ROOT = STATE_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "conso_duel.script_bundles.BundleFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "servestatic.storage.CompressedManifestStaticFilesStorage"},
}

# French first, English too.
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("Français")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "conso_duel.formats"
USE_I18N = True
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

# Safety.
CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
# Whether curators must have a second factor (conso_duel/site/second_factor.py); apps show the site's name.
SECOND_FACTOR_REQUIRED = env_bool("CONSO_SECOND_FACTOR_REQUIRED", False)
OTP_TOTP_ISSUER = SITE_NAME
# Wrong codes are limited at the door: the library's own delays would lock a curator out for days.
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14  # of curators alone: visitors have a cookie of their own
# Renewed by each duel: as long as a duel is stored, its visitor can open and delete it.
VISITOR_COOKIE_AGE = 60 * 60 * 24 * KEEP_DUELS_DAYS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# The admin confirms a deletion with one field per row: a thousand, Django's limit, is a small table.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50_000
CSRF_FAILURE_VIEW = "conso_duel.site.errors.csrf_failure"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^sante/$", r"^metrics$"]  # health checks and Prometheus ask from inside
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    # The other sites of a domain may have no certificate, and browsers would refuse them for a year: their
    # owner says when. No preload: a browser's list holds whole domains, and is left only months later.
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env_bool("CONSO_HSTS_SUBDOMAINS", False)
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # `check --deploy` asks for both
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    LANGUAGE_COOKIE_NAME = "__Host-django_language"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "conso_duel.operations.log_formatters.LineFormatter"},
        "json": {"()": "conso_duel.operations.log_formatters.JsonFormatter"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": env_choice("CONSO_LOG_FORMAT", ("line", "json")),
        }
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "celery.app.trace": {"level": "WARNING"},
        # The server has handlers of its own, which would write in another form.
        "uvicorn": {"handlers": [], "propagate": True},
        "uvicorn.error": {"handlers": [], "propagate": True},
        # It would log addresses and the codes of duels: off, whatever the options of the server.
        "uvicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
        "django.server": {"handlers": [], "propagate": True},
    },
}

environment.check_unknown_names()
