"""Settings of one installation, all from the environment (reference: docs/operations/settings.md)."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

from motcua.config import env

PACKAGE = Path(__file__).resolve().parent.parent
STATE = env.path(
    "MOTCUA_STATE_DIR", Path.cwd() / "var", "where SQLite, uploads and generated keys live", shown="./var"
)

MODE = env.text("MOTCUA_MODE", "demo", "demo, or production: refuses demo data and weak secrets")
if MODE not in {"demo", "production"}:
    raise env.BadSetting(f"MOTCUA_MODE={MODE!r}: use demo or production")
PRODUCTION = MODE == "production"
DEMO = not PRODUCTION
DEBUG = False


def _secret(name: str, file: str, meaning: str) -> str:
    given = env.text(name, "", meaning)
    if given:
        if PRODUCTION and (len(given) < 50 or len(set(given)) < 10):
            raise env.BadSetting(f"{name} is too weak: use at least 50 random characters")
        return given
    if PRODUCTION:
        raise env.BadSetting(f"{name} must be set in production")
    kept = STATE / file
    if not kept.exists() and not env.may_begin:
        return secrets.token_urlsafe(64)  # nothing is there that it could sign or check
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        try:
            with kept.open("x", encoding="utf-8") as new:
                new.write(secrets.token_urlsafe(64))
        except FileExistsError:
            pass  # another process was first; its key is the one
    return kept.read_text(encoding="utf-8")


SECRET_KEY = _secret("MOTCUA_SECRET_KEY", "secret-key", "signs sessions; 50+ random characters in production")
AUDIT_KEY = _secret("MOTCUA_AUDIT_KEY", "audit-key", "keys the audit chains; keep it apart from the database")
AUDIT_SEAL_FILE = env.path(
    "MOTCUA_AUDIT_SEAL_FILE",
    STATE / "audit-seals.tsv",
    "seals outside the database; best on another machine",
    shown="<state>/audit-seals.tsv",
)

ALLOWED_HOSTS = env.words(
    "MOTCUA_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]", "host names the site answers to, separated by commas"
)
CSRF_TRUSTED_ORIGINS = env.words("MOTCUA_TRUSTED_ORIGINS", "", "origins (https://…) allowed to post forms")
PUBLIC_URL = env.text("MOTCUA_PUBLIC_URL", "http://127.0.0.1:8000", "address printed in QR codes on slips")
HTTPS = env.flag("MOTCUA_HTTPS", PRODUCTION, "secure cookies and strict transport security")
TRUST_PROXY = env.flag("MOTCUA_TRUST_PROXY", False, "take the client's address from X-Forwarded-For")

DATABASE_URL = env.text(
    "MOTCUA_DATABASE_URL",
    "",
    "sqlite:///file or postgresql://user:password@host:port/name; empty: SQLite in <state>",
)
POOLED = env.flag(
    "MOTCUA_DATABASE_POOLED", False, "a transaction pooler (pgbouncer) stands before PostgreSQL"
)
if env.may_begin:
    STATE.mkdir(parents=True, exist_ok=True)
DATABASES = {"default": env.database(DATABASE_URL or f"sqlite:///{STATE / 'motcua.sqlite3'}", pooled=POOLED)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MEDIA_DIR = env.path(
    "MOTCUA_MEDIA_DIR", STATE / "media", "uploaded papers, outside the web root", shown="<state>/media"
)
UPLOAD_MAX_MB = env.number("MOTCUA_UPLOAD_MAX_MB", 20, "largest single upload, in megabytes")
CLAMAV_SOCKET = env.text("MOTCUA_CLAMAV_SOCKET", "", "path of clamd's socket; empty: uploads are not scanned")
RECEIPT_YEARLY = env.text(
    "MOTCUA_RECEIPT_YEARLY",
    "TE",
    "receipt series that end with their year: T self-printed, P ordered print, E electronic",
)
ERECEIPT_DRIVER = env.text(
    "MOTCUA_ERECEIPT_DRIVER", "", "folder: electronic receipts are written as XML files; empty: they wait"
)
ERECEIPT_DIR = env.path(
    "MOTCUA_ERECEIPT_DIR",
    STATE / "ereceipts",
    "folder the XML of electronic receipts is put into, for the signing software to take",
    shown="<state>/ereceipts",
)
LETTER_KINDS = env.text(
    "MOTCUA_LETTER_KINDS",
    "",
    "JSON file that changes form numbers, titles or suffixes of letters; empty: as carried",
)
SIGNERS = env.text(
    "MOTCUA_SIGNERS",
    "",
    "JSON file that declares who signs letters with which certificate; empty: nobody (the demo: its own)",
)
DEMO_SIGNERS = STATE / "signing" / "demo-signers.json"
SIGNING_CA = env.words(
    "MOTCUA_SIGNING_CA",
    "",
    "PEM files with the authorities whose signatures are trusted, separated by commas",
)
SIGNING_CRL = env.words(
    "MOTCUA_SIGNING_CRL", "", "files with lists of revoked certificates, separated by commas"
)
TSA_URL = env.text(
    "MOTCUA_TSA_URL",
    "",
    "address of a time-stamping service (RFC 3161); empty: signatures carry no time-stamp",
)
if TSA_URL and not TSA_URL.startswith(("https://", "http://")):
    raise env.BadSetting(f"MOTCUA_TSA_URL={TSA_URL!r}: an address beginning with https:// or http://")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 8000  # the editor of a process of 120 steps sends some 4,000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

SESSION_IDLE_MINUTES = env.number(
    "MOTCUA_SESSION_IDLE_MINUTES", 30, "minutes without a click before signing out"
)
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_NAME = "motcua_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "motcua_csrf"
CSRF_FAILURE_VIEW = "motcua.kernel.web.views.csrf_failure"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
LOGIN_LIMIT_ACCOUNT = env.number(
    "MOTCUA_LOGIN_LIMIT_ACCOUNT", 10, "sign-in attempts a minute for one account and address"
)
LOGIN_LIMIT_ADDRESS = env.number(
    "MOTCUA_LOGIN_LIMIT_ADDRESS", 60, "sign-in attempts a minute from one address"
)
TRACKING_LIMIT = env.number("MOTCUA_TRACKING_LIMIT", 10, "public look-ups by code a minute from one address")
CASH_DIFFERENCE_LIMIT = env.number(
    "MOTCUA_CASH_DIFFERENCE_LIMIT",
    100_000,
    "đồng a day's counted cash may differ before a second person must confirm",
)
API_LIMIT = env.number("MOTCUA_API_LIMIT", 900, "API calls a minute for one partner system")
REHEARSAL_MAX_DAYS = env.number(
    "MOTCUA_REHEARSAL_MAX_DAYS", 7, "days after which a green rehearsal no longer lets a change-set through"
)

PLATFORM_URL = env.text(
    "MOTCUA_PLATFORM_URL",
    "",
    "address of the national payment platform; empty: the demo pays at a stand-in, production does not offer it",
) or ("demo:" if DEMO else "")
PLATFORM_PARTNERS = env.pairs(
    "MOTCUA_PLATFORM_PARTNERS", "", "partner codes and their secrets at the platform: CODE=secret, …"
) or ({"DEMO": "a stand-in needs no secret"} if DEMO else {})
PLATFORM_SIGNING = env.text(
    "MOTCUA_PLATFORM_SIGNING", "sha256", "sha256, or hmac-sha256: how messages to the platform are signed"
)
PLATFORM_TOKEN = env.text("MOTCUA_PLATFORM_TOKEN", "", "bearer token of the gateway before the platform")
PLATFORM_TIMEOUT = env.number("MOTCUA_PLATFORM_TIMEOUT", 10, "seconds to wait for the platform")
PLATFORM_WORDING = env.text(
    "MOTCUA_PLATFORM_WORDING",
    "",
    "JSON file that corrects parts of the platform's messages; empty: as carried",
)
if PLATFORM_SIGNING not in {"sha256", "hmac-sha256"}:
    raise env.BadSetting(f"MOTCUA_PLATFORM_SIGNING={PLATFORM_SIGNING!r}: use sha256 or hmac-sha256")
if PRODUCTION and PLATFORM_URL and not PLATFORM_URL.startswith("https://"):
    raise env.BadSetting("MOTCUA_PLATFORM_URL must begin with https:// in production")
if PRODUCTION and any(len(secret) < 16 for secret in PLATFORM_PARTNERS.values()):
    raise env.BadSetting("MOTCUA_PLATFORM_PARTNERS: a secret is shorter than 16 characters")

# Boundaries the law leaves open; what each means is told in docs/law/deadlines.md.
DEADLINE_POLICY: dict[str, Any] = {
    "first_day_counts": env.flag(
        "MOTCUA_FIRST_DAY_COUNTS", False, "1: the day of reception is day one of a limit in days"
    ),
    "cutoff_exact_is_after": env.flag(
        "MOTCUA_CUTOFF_EXACT_IS_AFTER", False, "1: exactly 15:00:00 already counts as after 15:00"
    ),
    "working_day_time": env.text(
        "MOTCUA_WORKING_DAY_TIME",
        "same_hour",
        "same_hour, or end_of_day: hour at which a limit in working days ends",
    ),
    "pause_mode": env.text(
        "MOTCUA_PAUSE_MODE", "restart", "restart, or extend: how the limit goes on after a supplement"
    ),
}

INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "motcua.config",
    "motcua.kernel",
    "motcua.organisation",
    "motcua.documents",
    "motcua.workflow",
    "motcua.payments",
    "motcua.catalogue",
    "motcua.dossiers",
    "motcua.support",
    "motcua.counter",
    "motcua.desk",
    "motcua.portal",
]
MIDDLEWARE = [
    "motcua.kernel.web.middleware.UnavailableMiddleware",
    "motcua.kernel.web.middleware.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "motcua.kernel.language.LanguageMiddleware",
    "motcua.kernel.web.middleware.FormMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "motcua.organisation.middleware.ActorMiddleware",
    "motcua.kernel.web.middleware.ProblemMiddleware",
]
ROOT_URLCONF = "motcua.config.urls"
WSGI_APPLICATION = "motcua.config.wsgi.application"
APPEND_SLASH = True
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "motcua.config.context.shell",
            ],
            "builtins": ["motcua.kernel.templatetags.motcua", "django.templatetags.i18n"],
        },
    }
]

AUTH_USER_MODEL = "kernel.User"
AUTHENTICATION_BACKENDS = ["motcua.kernel.accounts.backend.PasswordBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "/dang-nhap/"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = STATE / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("MOTCUA_LOG_LEVEL", "WARNING", "how much is logged")},
    "loggers": {
        "motcua": {"level": "INFO"},
        "django.request": {"level": "ERROR"},
        # What it finds in a signature is our answer, not a line in the log.
        "pyhanko": {"level": "CRITICAL"},
        "pyhanko_certvalidator": {"level": "CRITICAL"},
    },
}
