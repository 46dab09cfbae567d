"""Home Assistant's device discovery: as it documents it, rendered as it does, on the real broker."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import pytest
from jsonschema import Draft202012Validator
from support.dashboard import Region, prepared_at
from support.published import FOLDER
from support.region_broker import NOT_AUTHORIZED, Client, RegionBroker, region_broker
from support.reporting_kiosk import now_ms
from support.waiting import until

from dashboard.recorder.home_assistant import discovery
from firmware_bridge.contract import Info, PrinterState, Spool
from firmware_bridge.published.files import examples

AVAILABILITY = {
    "type": "object",
    "properties": {
        "topic": {"type": "string"},
        "payload_available": {"type": "string"},
        "payload_not_available": {"type": "string"},
        "value_template": {"type": "string"},
    },
    "required": ["topic"],
    "additionalProperties": False,
}
COMPONENT = {
    "type": "object",
    "properties": {
        "platform": {"enum": ["sensor", "binary_sensor"]},
        "unique_id": {"type": "string", "minLength": 1},
        "name": {"type": "string"},
        "device_class": {"enum": ["enum", "temperature", "duration", "connectivity"]},
        "state_class": {"enum": ["measurement", "total", "total_increasing"]},
        "unit_of_measurement": {"type": "string"},
        "options": {"type": "array", "items": {"type": "string"}, "minItems": 1},
        "state_topic": {"type": "string"},
        "value_template": {"type": "string"},
    },
    "required": ["platform", "unique_id", "state_topic"],
    "additionalProperties": False,
    # An enum has options and neither unit nor state class; a binary sensor has none of these.
    "if": {"properties": {"device_class": {"const": "enum"}}, "required": ["device_class"]},
    "then": {
        "required": ["options"],
        "not": {"anyOf": [{"required": ["unit_of_measurement"]}, {"required": ["state_class"]}]},
    },
    "else": {"not": {"required": ["options"]}},
}
SCHEMA = Draft202012Validator(
    {
        "type": "object",
        "properties": {
            "device": {
                "type": "object",
                "properties": {
                    "identifiers": {"type": "array", "items": {"type": "string"}, "minItems": 1},
                    "name": {"type": "string"},
                    "manufacturer": {"type": "string"},
                    "model": {"type": "string"},
                    "sw_version": {"type": "string"},
                },
                "required": ["identifiers"],
                "additionalProperties": False,
            },
            "origin": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "sw_version": {"type": "string"}},
                "required": ["name"],
                "additionalProperties": False,
            },
            "availability": {"type": "array", "items": AVAILABILITY},
            "qos": {"enum": [0, 1, 2]},
            "components": {"type": "object", "additionalProperties": COMPONENT, "minProperties": 1},
        },
        "required": ["device", "origin", "components"],
        "additionalProperties": False,
    }
)
"""As https://www.home-assistant.io/integrations/mqtt/ and its pages of sensor and binary_sensor document it."""
INFO = Info(
    kiosk="deinze",
    library="Bibliotheek Deinze",
    software="0.1.0",
    journal="j",
    profile="prusa-mk3s",
    printer_name="Original Prusa MK3S+",
    spool=Spool(material="PLA", colour="#E4572E"),
    session=1,
)


def _example(name: str) -> Any:
    return dict(examples(FOLDER, name.partition("-")[0]))[f"{name}.json"]


def _render(template: str, message: Any) -> str:
    """As Home Assistant does: strict about what is not there, `value_json` is the payload."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
    return environment.from_string(template).render(value_json=message)


def test_the_payload_is_what_home_assistant_documents() -> None:
    device = json.loads(discovery(INFO))
    SCHEMA.validate(device)
    ids = [component["unique_id"] for component in device["components"].values()]
    assert len(set(ids)) == len(ids) and all("deinze" in one for one in ids)
    assert "command" not in discovery(INFO).decode()


def test_what_is_shown_of_a_print() -> None:
    components = json.loads(discovery(INFO))["components"]
    messages = {"state": _example("state-printing"), "telemetry": _example("telemetry")}
    shown = {
        name: _render(component["value_template"], messages[component["state_topic"].rpartition("/")[2]])
        for name, component in components.items()
    }
    assert shown == {
        "printer": "PRINTING",
        "connected": "ON",
        "out_of_order": "OFF",
        "progress": "42.8",
        "remaining": "1087.5",
        "nozzle": "214.6",
        "bed": "60.1",
    }
    assert components["printer"]["options"] == [state.value for state in PrinterState]


def test_unknown_is_said_as_home_assistant_knows_it() -> None:
    idle = {"temperatures": {"nozzle_c": None, "bed_c": None}, "progress": None}
    components = json.loads(discovery(INFO))["components"]
    for name in ("progress", "remaining", "nozzle", "bed"):
        assert _render(components[name]["value_template"], idle) == "None"


@pytest.mark.parametrize(("example", "word"), [("online", "online"), ("online-stopped", "offline")])
def test_a_kiosk_that_is_away_makes_its_device_unavailable(example: str, word: str) -> None:
    (availability,) = json.loads(discovery(INFO))["availability"]
    assert availability["topic"] == "maakhoek/v1/deinze/online"
    assert _render(availability["value_template"], _example(example)) == word


# --- on the broker ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stage:
    broker: RegionBroker
    region: Region


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("region")
    with region_broker(folder, home_assistant=True) as broker:
        region = prepared_at(folder, f'socket = "{broker.settings.socket}"')
        text = region.config.read_text()
        region.config.write_text(f"home_assistant = true\n{text}")
        with region.recorder():
            until(region.is_listening, what="the recorder listens")
            yield Stage(broker, region)


def _appear(broker: RegionBroker, kiosk: str) -> None:
    info = json.dumps(_example("info") | {"kiosk": kiosk}).encode()
    with Client(broker, broker.authority.issue(kiosk), kiosk).connected() as client:
        assert client.verdict(f"maakhoek/v1/{kiosk}/info", info) == "Success"
        state = json.dumps(_example("state-printing") | {"ts_ms": now_ms()}).encode()
        assert client.verdict(f"maakhoek/v1/{kiosk}/state", state) == "Success"


def test_home_assistant_finds_a_new_kiosk_and_what_it_says(stage: Stage) -> None:
    identity = stage.broker.authority.issue("home-assistant")
    with Client(stage.broker, identity, "home-assistant").connected() as home:
        for topic in ("homeassistant/#", "maakhoek/v1/#"):
            home.subscribe(topic)
        _appear(stage.broker, "eeklo")
        topic = "homeassistant/device/maakhoek-eeklo/config"
        payload = until(lambda: dict(home.heard).get(topic), what="the device is announced")
        SCHEMA.validate(json.loads(payload))
        heard = {t for t, _ in home.heard}
        assert "maakhoek/v1/eeklo/state" in heard
        assert not {t for t in heard if t.endswith(("/ack", "/info")) or "/cmd/" in t}

        for asked in ("maakhoek/v1/eeklo/cmd/pause", "maakhoek/v1/home-assistant/info", topic):
            assert home.verdict(asked) == NOT_AUTHORIZED


def test_a_kiosk_of_yesterday_is_announced_when_the_recorder_comes_back(stage: Stage, tmp_path: Path) -> None:
    _appear(stage.broker, "gavere")
    count = "SELECT count(*) FROM dashboard_kiosk WHERE id = 'gavere' AND info != ''"
    until(lambda: stage.region.one(count), what="it is recorded")
    with region_broker(tmp_path, home_assistant=True) as fresh:
        text = stage.region.config.read_text().replace(
            str(stage.broker.settings.socket), str(fresh.settings.socket)
        )
        stage.region.config.write_text(text)
        identity = fresh.authority.issue("home-assistant")
        with Client(fresh, identity, "home-assistant").connected() as home, stage.region.recorder():
            home.subscribe("homeassistant/#")
            topic = "homeassistant/device/maakhoek-gavere/config"
            until(lambda: topic in dict(home.heard), what="the device is announced again")
