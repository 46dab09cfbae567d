"""Django, set up once a process on a database of its own, so that tests may import the dashboard's modules."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from django.conf import settings
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
def _tables() -> None:
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    call_command("migrate", interactive=False, verbosity=0)
    setup_test_environment()


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
