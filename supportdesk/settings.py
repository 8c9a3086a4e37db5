"""Settings of the whole desk. Everything that differs between installations comes from the environment.

`docs/operations.md` lists the variables. A value that is missing or not understood is refused here.
"""

import sys
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from supportdesk import environment as env
from supportdesk import logs
from supportdesk.audited import AUDITED  # noqa: F401  read as settings.AUDITED
from supportdesk.openapi import SPECTACULAR_SETTINGS  # noqa: F401  read as settings.SPECTACULAR_SETTINGS
from supportdesk.roles import forget_tenant

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = BASE_DIR / ".data"
# `.env` is one's own; `run.env` is written by `make run`, so that `manage.py` in a second terminal finds the
# embedded services. What the environment says already wins.
if env.flag("READ_ENV_FILES", default=True):
    env.read_files(BASE_DIR / ".env", DATA_DIR / "run.env")

DEBUG = env.flag("DEBUG")
DEMO = env.flag("DEMO")
# Only the runner on one's own machine sets this: pages over plain http, so no secure cookies and no HSTS.
INSECURE_HTTP = env.flag("INSECURE_HTTP") or DEBUG
SECRET_KEY = env.secret("SECRET_KEY")
# Keys of before: they still open what they sealed and verify what they signed.
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
# Desks bring their own host names, so TenantMiddleware refuses unknown hosts, by this list and the tenants'.
SITE_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
ALLOWED_HOSTS = ["*"]
# Addresses, or names, at which proxies of this installation answer, if they are not those of its host names.
DESK_ADDRESSES = env.words("DESK_ADDRESSES")
SITE_URL = env.text("SITE_URL", "http://localhost:8000").rstrip("/")
MESSAGE_ID_DOMAIN = env.text("MESSAGE_ID_DOMAIN", "localhost")
METRICS_TOKEN = env.text("METRICS_TOKEN", "")

# ---------------------------------------------------------------------------------------------- application

INSTALLED_APPS = [
    "accounts",
    "notifications",
    "knowledge",
    "tickets",
    "sla",
    "maintenance",
    "hours",
    "reports",
    "supportdesk",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "supportdesk.storage.StaticFiles",  # django.contrib.staticfiles without what we do not serve
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "csp",
    "lucide",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "supportdesk.middleware.RequestLogMiddleware",
    "supportdesk.health.HealthMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "maintenance.middleware.StatusPageMiddleware",
    "accounts.middleware.TenantMiddleware",
    "accounts.middleware.LookMiddleware",
    "accounts.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.PersonMiddleware",
    "accounts.middleware.AuditMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "supportdesk.middleware.CalendarMiddleware",
]

ROOT_URLCONF = "supportdesk.urls"
TENANT_URLCONF = "supportdesk.tenant_urls"
WSGI_APPLICATION = "supportdesk.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "supportdesk.jinja.environment",
            "context_processors": [*_CONTEXT_PROCESSORS, "supportdesk.context.desk"],
        },
    },
    {  # Only for Django's admin and for pages of third parties; ours are all Jinja2.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": _CONTEXT_PROCESSORS},
    },
]

# --------------------------------------------------------------------------------------- database and broker

# The application's role can neither own a table nor step around row security. Work on the schema needs the
# owner, and only those commands get it: there is no second alias that other code could reach for.
_SCHEMA_COMMANDS = {"migrate", "flush", "sqlflush", "sqlmigrate"}
AS_OWNER = env.flag("SUPPORTDESK_AS_OWNER") or (len(sys.argv) > 1 and sys.argv[1] in _SCHEMA_COMMANDS)
_DATABASE_VARIABLE = "DATABASE_OWNER_URL" if AS_OWNER else "DATABASE_URL"

DATABASES: dict[str, dict[str, Any]] = {"default": env.database(_DATABASE_VARIABLE)}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Choices of a form are read by `iterator()`: a cursor of its own for a few rows costs three more round trips.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
DATABASES["default"].setdefault("OPTIONS", {})
DATABASES["default"]["OPTIONS"].setdefault("connect_timeout", 5)
# Statements that come again are planned once: measured, pages with several joins take a tenth less.
DATABASES["default"]["OPTIONS"].setdefault("server_side_binding", True)
DATABASES["default"]["OPTIONS"].setdefault("prepare_threshold", 5)
DATABASE_POOL_SIZE = env.number("DATABASE_POOL_SIZE", 0, high=100)
if DATABASE_POOL_SIZE and not AS_OWNER:
    # Web server processes: their threads share a pool. Workers and commands keep one connection each.
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": DATABASE_POOL_SIZE,
        "timeout": 5,
        "reset": forget_tenant,
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 600

REDIS_URL = env.redis("REDIS_URL", "redis://localhost:6379/0")
CACHES = {
    "default": {
        "BACKEND": "supportdesk.cache.ForgivingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "desk",
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

# ------------------------------------------------------------------------------------------------- identity

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # other sessions end all the same: they carry the old one's hash
ACCOUNT_CHANGE_EMAIL = True  # one address a person; a new one replaces the old once it is verified
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    "login": "accounts.forms.LogInForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "add_email": "accounts.forms.ChangeEmailForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS: dict[str, str] = {}  # allauth's own limits hold; a name here would change one of them

SOCIALACCOUNT_ADAPTER = "supportdesk.sso.CompanySignIn"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"  # whom a company vouches for enters its desk, and nothing else
SOCIALACCOUNT_STORE_TOKENS = False
# By a link, not a form: our policy lets forms lead to our own host alone, and a provider stands elsewhere.
SOCIALACCOUNT_LOGIN_ON_GET = True

MFA_ADAPTER = "accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # clocks of phones are off by some seconds: the codes before and after count too
# Who is logged in has proved an address already; a new one that is not proved yet opens nothing.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = INSECURE_HTTP
MFA_FORMS = {
    "authenticate": "accounts.second_factor_forms.CodeForm",
    "reauthenticate": "accounts.second_factor_forms.CodeAgainForm",
    "activate_totp": "accounts.second_factor_forms.SetUpAppForm",
    "add_webauthn": "accounts.second_factor_forms.AddPasskeyForm",
    "edit_webauthn": "accounts.second_factor_forms.RenamePasskeyForm",
}

# ------------------------------------------------------------------------------------------------------ API

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.TokenAuthentication",
        "accounts.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.permissions.IsMember"],
    "DEFAULT_PARSER_CLASSES": ["accounts.api.parsing.BoundedJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_THROTTLE_CLASSES": [
        "accounts.api.throttling.AnonymousThrottle",
        "accounts.api.throttling.CallerThrottle",
        "accounts.api.throttling.WriteThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": "30/min", "user": "600/min", "write": "120/min"},
    # Whose address counts: the one that the proxy in front saw, never one that a client claims.
    "NUM_PROXIES": 1 if env.flag("BEHIND_PROXY") else 0,
    "EXCEPTION_HANDLER": "accounts.api.problems.problem_details",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

# ------------------------------------------------------------------------------------------ tasks and e-mail

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
# A task is acknowledged when done, so that one whose worker dies is given to another. Tasks are idempotent.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600, "queue_order_strategy": "priority"}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_REDIRECT_STDOUTS = False  # mails of the console backend are not warnings
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")

vars().update(env.email("EMAIL_URL", "consolemail://"))
if vars()["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend":
    EMAIL_BACKEND = "supportdesk.console_mail.ConsoleMail"
# A mail server that hangs must not hold a worker, and with it the sweep of the clocks.
EMAIL_TIMEOUT = 15
# host:port of receivers of webhooks that may be called although they stand inside, and over plain http.
WEBHOOK_TRUSTED = env.words("WEBHOOK_TRUSTED")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Support Desk <desk@localhost>")

# ---------------------------------------------------------------------------------- languages, files, assets

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["supportdesk.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(DATA_DIR / "media")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "supportdesk.storage.StaticStorage"
        if env.flag("STATIC_HASHED", default=not DEBUG)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# ------------------------------------------------------------------------------------------------- security

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not INSECURE_HTTP
SECURE_SSL_REDIRECT = not INSECURE_HTTP
# Health checks and the metrics scraper come over plain http from inside the house.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 0 if INSECURE_HTTP else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not INSECURE_HTTP
if env.flag("BEHIND_PROXY"):
    # Only true when a proxy in front sets this header itself and drops what a client sent.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # The rate limits of the log-in count by the visitor's address, not by the proxy's.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# A calendar with two hundred days of its own is one form, each day eight fields and more with many hours.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6000

# ------------------------------------------------------------------------------------------------------ logs

LOGGING = logs.configuration(
    env.choice("LOG_FORMAT", ["json", "plain"], "json"),
    env.choice("LOG_LEVEL", ["DEBUG", "INFO", "WARNING", "ERROR"], "INFO"),
)
