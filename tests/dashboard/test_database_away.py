"""The database goes away under an open page, and comes back."""

import urllib.error
import urllib.request
from pathlib import Path

from support.dashboard import ACCOUNT, browsing, prepared_at
from support.databases import OnServer
from support.postgresql import postgresql
from support.waiting import until


def test_the_log_has_a_line_for_it_and_the_pages_come_back(tmp_path: Path) -> None:
    with postgresql() as database:
        region = prepared_at(tmp_path, "port = 1", OnServer(database.new_database()))
        log = tmp_path / "server.log"

        def shows_its_pages() -> bool:
            try:
                with browser.open(region.url + "account/", timeout=10) as page:
                    return ACCOUNT in page.read().decode()
            except urllib.error.HTTPError as error:
                assert error.code == 500
                return False

        with region.server():
            until(region.serves, what="the dashboard serves")
            browser = browsing(region)
            assert shows_its_pages()
            with browser.open(region.url + "live", timeout=30) as stream:
                assert stream.readline().startswith(b"retry:")
                stream.readline(), stream.readline()
                database.kill()
                until(lambda: "the database:" in log.read_text(), what="a line of the stream")
            assert not shows_its_pages()
            database.start()
            until(shows_its_pages, what="the page")
        said = log.read_text()
        assert "account/: the database:" in said
        assert "Traceback" not in said
