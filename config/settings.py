"""Django's settings, read through `env`; nothing here asks the environment itself."""

import logging
from pathlib import Path
from typing import Any

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.env import BASE_DIR, Environment

env = Environment()
HOME: Path = env.home()
ENV_PROBLEMS = env.problems

DEBUG = env.boolean("KOTOHASHI_DEBUG", "kotohashi.E009")
SECRET_KEY = env.secret_key(HOME)
ALLOWED_HOSTS = env.names("KOTOHASHI_HOSTS")
SITE_URL = env.site_url()
COMPONENTS_PAGE = DEBUG

INSTALLED_APPS = [
    "config",
    "kb.access",
    "kb.audit",
    "kb.accounts",
    "kb.market",
    "kb.search",
    "kb.glossary",
    "kb.articles",
    "deals.crm",
    "deals.retros",
    "deals.analysis",
    "allauth",
    "allauth.account",
    "taggit",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kb.accounts.language.ReaderLanguageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = True

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
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

DATABASES = {"default": env.database(HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    # Sign-in attempts are counted here, across processes; hence on disk.
    "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": HOME / "cache"},
    # What can be made again at once and is read with every page: one copy a process.
    "memory": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 2000}},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "home"
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "kb.accounts.sign_in.Adapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email", "username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "reset_password": "20/m/ip,5/m/key"}
SESSION_COOKIE_AGE = 14 * 24 * 3600
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Kotohashi] "

SEARCH_URL = env.search()
SEARCH_LOG_DAYS = env.number("KOTOHASHI_SEARCH_LOG_DAYS", 1, 730, "kotohashi.E014")
SEARCH: dict[str, Any] = {
    "SOURCES": [
        "kb.articles.source.Articles",
        "kb.glossary.source.Terms",
        "deals.crm.source.Deals",
        "deals.crm.source.Companies",
        "deals.crm.source.Competitors",
        "deals.crm.source.Products",
        "deals.retros.source.Retros",
    ],
    "EXPANDER": "kb.glossary.expand.Glossary",
    # Kinds whose title is a question: the one that was asked is answered above the results.
    "QUESTIONS": ("faq",),
    # A retrospective has its deal's number, and carries its name and readers.
    "FOLLOWERS": {"deal": ("retro",)},
}

LANGUAGE_CODE = env.choice("KOTOHASHI_LANGUAGE", ("ja", "en"), "kotohashi.E005")
LANGUAGES = [("ja", _("Japanese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "kotohashi_language"
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
TIME_ZONE = env.time_zone()
USE_I18N = True
CURRENCY = env.currency()
FISCAL_YEAR_START = env.number("KOTOHASHI_FISCAL_YEAR_START", 1, 12, "kotohashi.E012")
SMALL_N = env.number("KOTOHASHI_SMALL_N", 1, 1000, "kotohashi.E013")
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "config.assets.NpmFinder",
    "config.assets.HtmxFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = HOME / "uploads"
TAGGIT_CASE_INSENSITIVE = True
# An article of 10 MB is taken, and its form carries the base version beside it.
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("KOTOHASHI_MAIL_FROM")
globals().update(env.mail())

SECURE = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if SECURE else 0
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL else []
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "https:", "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
        "manifest-src": [SELF],
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["stderr"],
        "level": env.choice("KOTOHASHI_LOG_LEVEL", ("INFO", "DEBUG", "WARNING", "ERROR"), "kotohashi.E010"),
    },
    "loggers": {"django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False}},
}
logging.captureWarnings(capture=False)
SILENCED_SYSTEM_CHECKS: list[str] = []
