"""What every test may ask for: the cast, a client signed in as one of them, an index of its own, real data."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client, TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django.fixtures import Settings

from kb.accounts.models import User
from tests.cast import make_cast

# Shared machines are slow at times: an example may take long, a property may not lie.
hypothesis_settings.register_profile(
    "suite",
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
hypothesis_settings.load_profile("suite")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes long first; on PostgreSQL only what asks a database: the rest was run on SQLite, and would say the same."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    if connection.vendor != "postgresql":
        return
    config.hook.pytest_deselected(items=[item for item in items if not asks_a_database(item)])
    items[:] = [item for item in items if asks_a_database(item)]


def asks_a_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    kind = getattr(item, "cls", None)
    return (
        any(item.get_closest_marker(name) for name in ("django_db", "postgres"))
        or not {"db", "transactional_db"}.isdisjoint(fixtures)
        or (kind is not None and issubclass(kind, TransactionTestCase))
    )


@pytest.fixture(autouse=True)
def own_home(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """A home of the test's own, so that index, cache and uploads never meet another test's."""
    settings.HOME = tmp_path
    settings.MEDIA_ROOT = tmp_path / "uploads"
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": f"default {tmp_path}",
        },
        "memory": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": f"memory {tmp_path}",
        },
    }
    yield tmp_path
    for cache in caches.all():
        cache.clear()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest,
    django_db_modify_db_settings_parallel_suffix: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Where a browser asks while the test looks on, SQLite is a file, as in life: in memory, readers lock writers out."""
    database = connection.settings_dict
    if connection.vendor == "sqlite" and any(
        item.get_closest_marker("browser") for item in request.session.items
    ):
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture
def cast(db: None) -> dict[str, User]:
    """Sato edits, Lee sells, Mori is in another team, Ito is new; Takahashi administers."""
    return make_cast()


@pytest.fixture
def sato(cast: dict[str, User]) -> User:
    return cast["sato"]


@pytest.fixture
def lee(cast: dict[str, User]) -> User:
    return cast["lee"]


@pytest.fixture
def mori(cast: dict[str, User]) -> User:
    return cast["mori"]


@pytest.fixture
def ito(cast: dict[str, User]) -> User:
    return cast["ito"]


@pytest.fixture
def takahashi(cast: dict[str, User]) -> User:
    return cast["takahashi"]


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A browserless client, signed in as the given person."""

    def enter(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return enter


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Public documents kept beside the project; tests that read them say so when they are missing."""
    given = os.environ.get("KOTOHASHI_TEST_DATA")
    path = Path(given) if given else Path(__file__).resolve().parents[2] / "shared" / "data"
    if not path.is_dir():
        pytest.skip(f"real data is not at {path}; set KOTOHASHI_TEST_DATA")
    return path
