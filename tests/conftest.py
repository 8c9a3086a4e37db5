"""The ground of every test: real PostgreSQL, real Valkey, the application's own database role."""

import gc
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from tests import database

if TYPE_CHECKING:
    from jinja2 import FileSystemBytecodeCache
    from pytest_django import DjangoDbBlocker

    from accounts.models import Membership
    from tests.factories import Desk, DeskClient

# How long an example takes says how busy the machine is, nothing about the code.
hypothesis.settings.register_profile(
    "desk", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("desk")

_DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_reset_sequences"}


def pytest_configure(config: pytest.Config) -> None:
    """Start the services and load the settings, before pytest-django sets Django up."""
    # Without kept bytecode each process that a test starts compiles all of Django anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    worker_input: dict[str, Any] | None = getattr(config, "workerinput", None)
    if worker_input is None:
        config.stash[_SERVICES] = database.TestServices()
        if config.getoption("dist", "no") != "no":
            # Other processes run the tests. With the settings named already, pytest-django would load them
            # there before this function has said which database is whose.
            os.environ.pop("DJANGO_SETTINGS_MODULE", None)
            return
    worker = int(worker_input["workerid"].removeprefix("gw")) if worker_input else 0
    media = tempfile.TemporaryDirectory(prefix="desk-media-")
    config.stash[_MEDIA] = media
    (Path(media.name) / "static").mkdir()
    os.environ.update(database.environment(Path(media.name), worker=worker))
    os.environ["DJANGO_SETTINGS_MODULE"] = "supportdesk.settings"

    from django.conf import settings

    # Hashing a password is slow on purpose; the tests log in some hundred times.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.TEMPLATES[0]["OPTIONS"]["bytecode_cache"] = _kept_templates()


def _kept_templates() -> "FileSystemBytecodeCache":
    """What Jinja makes of our templates, kept between runs: to compile all of them takes three seconds.

    Each is compiled anew when its own text changes; all are when our environment does, or Jinja itself.
    """
    import jinja2

    root = Path(__file__).resolve().parents[1]
    made_by = (root / "supportdesk" / "jinja.py").read_bytes() + jinja2.__version__.encode()
    folder = root / ".data" / "templates" / hashlib.sha256(made_by).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    return jinja2.FileSystemBytecodeCache(str(folder))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what `pytest_configure` started, also when the run was interrupted."""
    if _MEDIA in config.stash:
        config.stash[_MEDIA].cleanup()
    if _SERVICES in config.stash:
        config.stash[_SERVICES].stop()


# Files and rooms where single files take many seconds: they start first, the longest before all others, lest
# one process is left alone with them at the end. A file is never split: its tests share what was made once.
_LONG_FIRST = (
    "test_chaos.py",
    "test_tenancy.py",
    "demo",
    "test_run.py",
    "test_edit_mixed.py",
    "processes",
    "browser",
    "ops",
    "pages",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first; within a file nothing moves."""
    items.sort(key=lambda item: _turn(item.path))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What has been loaded by now stays to the end: the garbage collector need not look at it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _turn(path: Path) -> int:
    turns = [_LONG_FIRST.index(word) for word in (path.name, path.parent.name) if word in _LONG_FIRST]
    return min(turns, default=len(_LONG_FIRST))


_SERVICES = pytest.StashKey[database.TestServices]()
_MEDIA = pytest.StashKey["tempfile.TemporaryDirectory[str]"]()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: "DjangoDbBlocker") -> Iterator[None]:
    """Replace pytest-django's own: the owner migrates, the tests connect as the application's role."""
    from django.db import connection
    from django.test import TransactionTestCase

    from tests.factories import keep_desks

    name = str(connection.settings_dict["NAME"])
    with django_db_blocker.unblock():
        database.make_database(name)
        keep_desks()
    with pytest.MonkeyPatch.context() as patch:
        # What a test with transactions of its own leaves behind.
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda test: database.empty_tables(name))
        yield
    with django_db_blocker.unblock():
        connection.close()
        database.drop_database(name)


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest) -> None:
    """Rate limits and cached sessions of one test are no business of the next."""
    if _DATABASE_FIXTURES & set(request.fixturenames) or request.node.get_closest_marker("django_db"):
        from django.core.cache import cache

        cache.clear()


@pytest.fixture(autouse=True)
def _no_language_left_behind() -> Iterator[None]:
    """A request speaks its person's language, and leaves it active for whatever its thread does next."""
    yield
    from django.utils import timezone, translation

    translation.activate("en")
    timezone.deactivate()


@pytest.fixture(scope="session")
def process_environment() -> dict[str, str]:
    """The environment for a real process (web server, worker, beat, command) on this test's database.

    Use it with `transactional_db`: what a test has not committed no other process can see.
    """
    return dict(os.environ)


@pytest.fixture
def desk(db: None) -> Iterator["Desk"]:
    """The standing cast at the desk "acme"; the test runs in its tenant scope."""
    from accounts.tenancy import tenant_scope
    from tests.factories import build_desk

    built = build_desk("acme")
    with tenant_scope(built.tenant.pk):
        yield built


@pytest.fixture
def other_desk(db: None) -> "Desk":
    """The same cast at another support provider, "umbra"; use `tenant_scope` to look into it."""
    from tests.factories import build_desk

    return build_desk("umbra")


@pytest.fixture
def login() -> "Callable[[Membership], DeskClient]":
    """Log somebody in: `login(desk.agent).get("/queue/")`, paths as inside the desk."""
    from tests.factories import browser_of

    return browser_of
