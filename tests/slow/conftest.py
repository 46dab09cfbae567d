"""The system that virtual machines boot: Debian 13 with the freshly built package."""

from pathlib import Path

import pytest
from appliance import root as debian


@pytest.fixture(scope="session")
def kiosk_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same root as tests/appliance boots in containers."""
    package = debian.built(tmp_path_factory.mktemp("deb"))
    root = debian.prepared_root()
    debian.install(root, package)
    return root
