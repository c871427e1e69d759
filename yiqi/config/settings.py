"""The one settings file: the environment decides.

YIQI_HOME (default ``var``)      database, attachments, secrets
YIQI_AS_OF                       pins the business day, e.g. 2021-09-06; without it the day in
                                 YIQI_HOME/as_of, which the demonstration leaves there; empty = today
YIQI_DATABASE_URL                ``postgresql://user:password@host/name``; without it SQLite in YIQI_HOME
YIQI_MODE                        ``embedded`` (default) or ``production`` (secure cookies, manifest of static files)
YIQI_HOSTS, YIQI_ORIGINS         comma-separated, for production
PORT (default 8000)              where ``yiqi up`` listens
"""

from __future__ import annotations

import os
import secrets
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

PACKAGE = Path(__file__).resolve().parent.parent
YIQI_HOME = Path(os.environ.get("YIQI_HOME", "var")).resolve()
YIQI_MODE = os.environ.get("YIQI_MODE", "embedded")
PRODUCTION = YIQI_MODE == "production"
if YIQI_MODE not in {"embedded", "production"}:
    raise ImproperlyConfigured("YIQI_MODE must be embedded or production")


def _as_of(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ImproperlyConfigured(f"YIQI_AS_OF must be a date such as 2021-09-06, not {text!r}") from None


def _secret_key() -> str:
    given = os.environ.get("YIQI_SECRET_KEY")
    if given:
        return given
    path = YIQI_HOME / "secret_key"
    if not path.exists():
        # the folder holds hashes, secrets and drafts: for its owner alone
        YIQI_HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
        # O_EXCL: two processes that start together must agree on one key
        try:
            with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(50))
        except FileExistsError:
            pass
    return path.read_text()


def _database(url: str) -> dict[str, Any]:
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": YIQI_HOME / "yiqi.sqlite3",
            "CONN_MAX_AGE": 600,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("YIQI_DATABASE_URL must begin with postgresql://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


AS_OF_FILE = YIQI_HOME / "as_of"
YIQI_AS_OF = _as_of(os.environ.get("YIQI_AS_OF", AS_OF_FILE.read_text() if AS_OF_FILE.exists() else ""))
SECRET_KEY = _secret_key()
DEBUG = False
PORT = int(os.environ.get("PORT", "8000"))
_HOSTS = os.environ.get("YIQI_HOSTS", "")
ALLOWED_HOSTS = _HOSTS.split(",") if _HOSTS else ["localhost", "127.0.0.1", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("YIQI_ORIGINS", "").split(",") if origin]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_q",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "yiqi.kit",
    "yiqi.core",
    "yiqi.plan",
    "yiqi.appraisal",
    "yiqi.dispatch",
    "yiqi.cockpit",
    "yiqi.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "yiqi.kit.web.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "yiqi.kit.web.middleware.SignedInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yiqi.kit.web.middleware.OriginMiddleware",
    "yiqi.kit.web.middleware.ErrorMiddleware",
    "yiqi.core.views.middleware.WhoMiddleware",
    "yiqi.core.views.middleware.DutyMiddleware",
    "yiqi.core.views.middleware.OnceMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "yiqi.config.urls"
WSGI_APPLICATION = "yiqi.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "yiqi.kit.web.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "yiqi.kit.templatetags.yiqi"],
        },
    }
]

DATABASES = {"default": _database(os.environ.get("YIQI_DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "core.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "yiqi.core.forms.passwords.LengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "yiqi.core.forms.account.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False  # repeated failures are django-axes' matter; two counters would contradict each other
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "yiqi.core.forms.account.LoginForm",
    "reauthenticate": "yiqi.core.forms.account.ReauthenticateForm",
    "change_password": "yiqi.core.forms.account.ChangePasswordForm",
}
MFA_ADAPTER = "yiqi.core.forms.account.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "yiqi.core.forms.account.AuthenticateForm",
    "reauthenticate": "yiqi.core.forms.account.SecondReauthenticateForm",
    "activate_totp": "yiqi.core.forms.account.ActivateTOTPForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # telephones whose clocks are half a minute off
MFA_TOTP_ISSUER = "Yiqi"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the page says when to try again: keep the promise
AXES_USERNAME_FORM_FIELD = "username"  # as allauth names it among the credentials
AXES_LOCKOUT_CALLABLE = "yiqi.core.views.account.locked_out"
AXES_VERBOSE = False

SESSION_COOKIE_AGE = 30 * 60  # idle time-out: renewed by use (see kit.web.middleware.OriginMiddleware)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "yiqi.kit.web.views.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "style-src-attr": ["'unsafe-inline'"],  # ECharts positions its tooltips by style attributes
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
FORMAT_MODULE_PATH = ["yiqi.kit.formats"]

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "static"]
STATIC_ROOT = YIQI_HOME / "static" if PRODUCTION else None  # collected in production only; finders otherwise
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": YIQI_HOME / "attachments"},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = False

UPLOAD_LIMIT = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = UPLOAD_LIMIT
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

Q_CLUSTER = {
    "name": "yiqi",
    "orm": "default",
    "workers": 1,
    "timeout": 300,
    "retry": 600,
    "max_attempts": 3,
    "poll": 2.0,
    "catch_up": False,
    "label": "jobs",
}

TEST_RUNNER = "django.test.runner.DiscoverRunner"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # a 404 is an answer, not an incident
    "loggers": {"django.request": {"level": "ERROR"}},
}
