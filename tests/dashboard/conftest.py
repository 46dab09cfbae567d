"""Django, set up once a process, on both kinds of database, so that tests may import the dashboard's modules."""

import asyncio
import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from support.databases import NewDatabase, OnServer, SQLite
from support.postgresql import PostgreSQL, postgresql
from support.translations import compile_translations

_folder = Path(tempfile.mkdtemp(prefix="dashboard-"))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
_config = _folder / "dashboard.toml"
_config.write_text(f'database = "{_folder / "region.sqlite"}"\nsecret = "{_folder / "secret"}"\n')
os.environ["MAAKHOEK_DASHBOARD"] = str(_config)
os.environ["DJANGO_SETTINGS_MODULE"] = "dashboard.settings"
compile_translations()
django.setup()
# A password's hash is slow on purpose; nothing here is about that.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def server() -> Iterator[PostgreSQL]:
    """One for all tests of this process; each takes a database of its own."""
    with postgresql() as running:
        yield running


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest) -> NewDatabase:
    if request.param == "sqlite":
        return lambda folder: SQLite(folder / "region.sqlite")
    server: PostgreSQL = request.getfixturevalue("server")
    return lambda _: OnServer(server.new_database())


@pytest.fixture(scope="module")
def _tables(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """This process's Django looks at a new database of that kind."""
    from django.core.management import call_command
    from django.db import connections
    from django.test.utils import setup_test_environment, teardown_test_environment

    from dashboard.databases import django_settings

    database = new_database(tmp_path_factory.mktemp("django"))
    before = connections.databases["default"]
    _look_at(connections.configure_settings({"default": django_settings(database.setting)})["default"])
    call_command("migrate", interactive=False, verbosity=0)
    setup_test_environment()
    yield
    teardown_test_environment()
    _look_at(before)


def _look_at(entry: dict[str, Any]) -> None:
    """Each thread has a connection of its own: this one, and the one on which views run in a loop."""
    from django.db import connections

    def anew() -> None:
        connections["default"].close()
        connections["default"] = connections.create_connection("default")

    connections.databases["default"] = entry
    anew()
    asyncio.run(sync_to_async(anew)())


@pytest.fixture
def database(_tables: None) -> Iterator[None]:
    """Empty tables, emptied again at the end."""
    from django.apps import apps
    from django.contrib.auth import get_user_model
    from django.contrib.sessions.models import Session
    from django.db import connection

    yield
    for model in (*reversed(list(apps.get_app_config("dashboard").get_models())), get_user_model(), Session):
        model.objects.all().delete()
    connection.close()
