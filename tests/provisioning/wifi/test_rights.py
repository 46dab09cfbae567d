"""Who may touch the network: the rule for polkit that is shipped, and the unit that it is for."""

import re
from pathlib import Path

SYSTEMD = Path(__file__).parents[3] / "systemd"
RULE = (SYSTEMD / "polkit/50-maakhoek-wifi.rules").read_text()


def test_the_rule_names_one_user_and_four_rights() -> None:
    rights = re.findall(r'"org\.freedesktop\.NetworkManager\.([a-z.-]+)"', RULE)
    assert rights == ["enable-disable-wifi", "network-control", "settings.modify.system", "wifi.scan"]
    assert re.findall(r'subject\.user == "([^"]+)"', RULE) == ["maakhoek-setup"]
    assert RULE.count("polkit.Result.") == RULE.count("polkit.Result.YES") == 1


def test_the_unit_that_asks_is_that_user_s_and_the_screen_s_group_alone_reaches_it() -> None:
    unit = (SYSTEMD / "maakhoek-setup@.service").read_text()
    assert "User=maakhoek-setup\n" in unit and "CapabilityBoundingSet=\n" in unit
    socket = (SYSTEMD / "maakhoek-setup.socket").read_text()
    assert "SocketGroup=maakhoek-kiosk\nSocketMode=0660\n" in socket
    kiosk = (SYSTEMD / "maakhoek-kiosk.service").read_text()
    assert "PrivateNetwork=yes\n" in kiosk
