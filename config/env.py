"""The one reader of the environment: every setting, typed, with its default and its check.

A value that cannot be read is kept as a problem, so that the start-up check can name all of them at once
instead of failing on the first.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

BASE_DIR = Path(__file__).resolve().parent.parent
LANGUAGES = ("ja", "en")
BOOLEANS = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
    "": False,
}


@dataclass(frozen=True)
class Problem:
    """A setting that cannot be used: its name, the value read, what would be right, and the check's id."""

    name: str
    value: str
    message: str
    check_id: str


@dataclass(frozen=True)
class Setting:
    """One row of the README's table."""

    name: str
    default: str
    meaning: str


SETTINGS = (
    Setting("KOTOHASHI_HOME", "var", "where the database, index, uploads and secret key live"),
    Setting(
        "KOTOHASHI_DATABASE_URL",
        "",
        "sqlite:///PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME; empty: SQLite in the home",
    ),
    Setting("KOTOHASHI_SEARCH_URL", "whoosh:", "the search engine; only whoosh: for now"),
    Setting(
        "KOTOHASHI_SEARCH_LOG_DAYS",
        "90",
        "for so many days a search is kept with the name of who made it, 1 to 730; then only its words are",
    ),
    Setting("KOTOHASHI_TIME_ZONE", "Asia/Tokyo", "an IANA time zone"),
    Setting("KOTOHASHI_LANGUAGE", "ja", "the language before someone has chosen one: ja or en"),
    Setting("KOTOHASHI_CURRENCY", "JPY", "the currency of amounts that do not name theirs, as ISO 4217 code"),
    Setting("KOTOHASHI_FISCAL_YEAR_START", "4", "the month the fiscal year begins in, 1 to 12"),
    Setting("KOTOHASHI_SMALL_N", "10", "below this many deals a rate is greyed and its interval leads"),
    Setting(
        "KOTOHASHI_HOSTS", "localhost,127.0.0.1,[::1]", "host names the site answers to, separated by commas"
    ),
    Setting(
        "KOTOHASHI_SITE_URL",
        "",
        "the address people use, such as https://kb.example.com; sets secure cookies when https",
    ),
    Setting(
        "KOTOHASHI_MAIL_URL",
        "",
        "smtp://USER:PASSWORD@HOST:PORT (smtps, or ?tls=1 for STARTTLS); empty: mails are written to the log",
    ),
    Setting("KOTOHASHI_MAIL_FROM", "kotohashi@localhost", "the sender of mails"),
    Setting(
        "KOTOHASHI_SECRET_KEY",
        "",
        "signs sessions; empty: made on first start and kept in the home with mode 600",
    ),
    Setting("KOTOHASHI_DEBUG", "0", "1 shows errors in full and the components page; never on a network"),
    Setting("KOTOHASHI_LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR"),
)
_DEFAULTS = {setting.name: setting.default for setting in SETTINGS}


@dataclass
class Environment:
    """The settings as Django wants them; `problems` holds what could not be read."""

    source: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    problems: list[Problem] = field(default_factory=list)

    def text(self, name: str) -> str:
        return self.source.get(name, _DEFAULTS[name]).strip()

    def wrong(self, name: str, message: str, check_id: str) -> None:
        value = self.text(name)
        shown = urlsplit(value)._replace(netloc="…").geturl() if "@" in value else value
        self.problems.append(Problem(name, shown, message, check_id))

    def choice(self, name: str, allowed: tuple[str, ...], check_id: str) -> str:
        value = self.text(name)
        if value in allowed:
            return value
        self.wrong(name, "must be one of " + ", ".join(allowed), check_id)
        return _DEFAULTS[name]

    def boolean(self, name: str, check_id: str) -> bool:
        value = self.text(name).lower()
        if value not in BOOLEANS:
            self.wrong(name, "must be 1 or 0", check_id)
        return BOOLEANS.get(value, False)

    def currency(self) -> str:
        value = self.text("KOTOHASHI_CURRENCY").upper()
        if len(value) == 3 and value.isascii() and value.isalpha():
            return value
        self.wrong("KOTOHASHI_CURRENCY", "must be a code of three letters such as JPY", "kotohashi.E011")
        return _DEFAULTS["KOTOHASHI_CURRENCY"]

    def number(self, name: str, low: int, high: int, check_id: str) -> int:
        value = self.text(name)
        if value.isascii() and value.isdecimal() and low <= int(value) <= high:
            return int(value)
        self.wrong(name, f"must be a whole number from {low} to {high}", check_id)
        return int(_DEFAULTS[name])

    def names(self, name: str) -> list[str]:
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def home(self) -> Path:
        path = Path(self.text("KOTOHASHI_HOME") or _DEFAULTS["KOTOHASHI_HOME"]).expanduser()
        path = path if path.is_absolute() else BASE_DIR / path
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self.wrong(
                "KOTOHASHI_HOME",
                f"must be a folder this account can write to ({error.strerror})",
                "kotohashi.E001",
            )
        return path

    def time_zone(self) -> str:
        value = self.text("KOTOHASHI_TIME_ZONE")
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.wrong(
                "KOTOHASHI_TIME_ZONE", "must be an IANA time zone such as Asia/Tokyo", "kotohashi.E004"
            )
            return _DEFAULTS["KOTOHASHI_TIME_ZONE"]
        return value

    def database(self, home: Path) -> dict[str, object]:
        url = self.text("KOTOHASHI_DATABASE_URL")
        parts = urlsplit(url)
        if not url or (parts.scheme == "sqlite" and parts.path.strip("/")):
            return sqlite(Path(unquote(parts.path)[1:]) if url else home / "db.sqlite3")
        if parts.scheme in ("postgresql", "postgres") and parts.path.strip("/"):
            return postgresql(url)
        self.wrong(
            "KOTOHASHI_DATABASE_URL",
            "must be sqlite:///PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME",
            "kotohashi.E002",
        )
        return sqlite(home / "db.sqlite3")

    def search(self) -> str:
        value = self.text("KOTOHASHI_SEARCH_URL")
        if value != "whoosh:":
            self.wrong("KOTOHASHI_SEARCH_URL", "must be whoosh: (other engines come later)", "kotohashi.E003")
        return "whoosh:"

    def site_url(self) -> str:
        value = self.text("KOTOHASHI_SITE_URL").rstrip("/")
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.netloc):
            self.wrong(
                "KOTOHASHI_SITE_URL", "must start with http:// or https:// and name a host", "kotohashi.E006"
            )
            return ""
        return value

    def mail(self) -> dict[str, object]:
        url = self.text("KOTOHASHI_MAIL_URL")
        if not url:
            return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = None
            parts = parts._replace(scheme="")
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            self.wrong(
                "KOTOHASHI_MAIL_URL", "must be smtp://USER:PASSWORD@HOST:PORT or smtps://…", "kotohashi.E007"
            )
            return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": parts.hostname,
            "EMAIL_PORT": port or (465 if parts.scheme == "smtps" else 25),
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_SSL": parts.scheme == "smtps",
            "EMAIL_USE_TLS": dict(parse_qsl(parts.query)).get("tls") == "1",
            "EMAIL_TIMEOUT": 10,
        }

    def secret_key(self, home: Path) -> str:
        """The key from the environment, or the home's own, made on first start with mode 600."""
        given = self.text("KOTOHASHI_SECRET_KEY")
        if given:
            if len(given) < 32:
                self.wrong("KOTOHASHI_SECRET_KEY", "must have at least 32 characters", "kotohashi.E008")
            return given
        try:
            return kept_key(home / "secret_key")
        except OSError as error:
            self.wrong(
                "KOTOHASHI_HOME", f"must let the secret key be written ({error.strerror})", "kotohashi.E001"
            )
            return os.urandom(32).hex()


def kept_key(path: Path) -> str:
    """Read the key at `path`; make it when missing, atomically, so that web and worker started together agree."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(os.urandom(32).hex())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def sqlite(path: Path) -> dict[str, object]:
    """SQLite as it survives concurrent writers: WAL, one writer announced at once, and a wait instead of an error."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 5,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


def postgresql(url: str) -> dict[str, object]:
    """PostgreSQL from a URL; options in its query go to the driver."""
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
