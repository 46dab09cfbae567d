"""The region's server, booted from its own package and set up with its own command."""

import re

from support.waiting import until

from appliance.machine import PATIENCE_S, Machine
from appliance.wire import End

HOST = "region.test"
PASSPHRASE = "zes woorden op een papiertje"
IDENTITY = "/var/lib/maakhoek-identity"
PASSWORD = "een-lang-wachtwoord"
SERVICES = tuple(f"maakhoek-{name}.service" for name in ("broker", "enrolment", "recorder", "dashboard"))


class Region:
    """A machine that is set up; `pages` are asked over HTTPS, as a browser does."""

    def __init__(self, machine: Machine, end: End) -> None:
        self.machine = machine
        self.end = end
        machine.run(f"echo {end.address} {HOST} >>/etc/hosts")

    def set_up(self, *more: str) -> str:
        """The one command; what it said."""
        self.machine.run("mkdir -p /media/stick")
        options = " ".join(
            ("--name Leie", f"--host {HOST}", "--stick /media/stick", "--passphrase-from-stdin", *more)
        )
        said = self.machine.run(f"echo '{PASSPHRASE}' | maakhoek-region setup {options}")
        until(self.is_up, PATIENCE_S, "the services are up")
        return said

    def is_up(self) -> bool:
        """All four, the recorder listens, and the pages answer through nginx."""
        if not all(map(self.machine.is_active, SERVICES)) or not self.serves():
            return False
        return self.query("SELECT connected FROM dashboard_listening") == "t"

    def serves(self) -> bool:
        """To somebody who is not signed in."""
        ask = "curl -sS -f --cacert /var/lib/maakhoek-ca/root.crt"
        return "<html" in self.machine.try_(f"{ask} https://{HOST}/sign-in").stdout

    def add_account(self) -> None:
        """Staff: noor."""
        self.machine.run(
            f"echo {PASSWORD} | maakhoek-dashboard account noor --role admin --password-from-stdin 2>&1"
        )

    def page(self, path: str) -> str:
        """Its HTML; '' where there is none."""
        return self.machine.try_(f"{self._curl} -f https://{HOST}{path}").stdout

    def sign_in(self) -> None:
        """As noor, with the form."""
        form = self.page("/sign-in")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        assert token, form
        fields = f"-d csrfmiddlewaretoken={token[1]} -d username=noor -d password={PASSWORD}"
        self.machine.run(f"{self._curl} -f -e https://{HOST}/sign-in {fields} https://{HOST}/sign-in")

    @property
    def _curl(self) -> str:
        return "curl -sS -b /root/cookies -c /root/cookies --cacert /var/lib/maakhoek-ca/root.crt"

    def new_kiosk(self, library: str) -> str:
        """The words of its setup file."""
        self.machine.run(f'maakhoek-admin new --library "{library}" --out /root/out')
        return self.machine.run("cat /root/out/*/maakhoek-opstart.toml; rm -r /root/out")

    def enrol(self, kiosk: Machine, library: str) -> None:
        """With a stick; until it is online."""
        kiosk.write("/run/maakhoek-stick/sda1/maakhoek-opstart.toml", self.new_kiosk(library))
        kiosk.run("chown -R maakhoek-setup /run/maakhoek-stick/sda1")
        is_in = f"test -e {IDENTITY}/identity.toml -a ! -e {IDENTITY}/setup.toml"
        until(lambda: kiosk.try_(is_in).returncode == 0, PATIENCE_S, "it is enrolled")
        online = "SELECT library FROM dashboard_kiosk WHERE online"
        until(lambda: self.query(online) == library, PATIENCE_S, "it is online")

    def query(self, sql: str) -> str:
        """Rows of the dashboard's database."""
        return self.machine.run(f'runuser -u postgres -- psql -tA maakhoek -c "{sql}"').strip()
