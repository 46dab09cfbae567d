"""Kiosks as devices of Home Assistant, by its MQTT device discovery. Pure; off unless the configuration says so.

https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload. Home Assistant reads what kiosks say
anyway; it gets no command topic, so nothing can be asked through it. That a kiosk's bridge is away and that its
printer is away stay two things: the first makes all unavailable, the second has a sensor of its own.
"""

from typing import Any, Final

import msgspec

from firmware_bridge.contract import Info, PrinterState, Topic

ORIGIN: Final = "Maakhoek"
_ONLINE: Final = "{{ 'online' if value_json.online else 'offline' }}"


def discovery_topic(kiosk: str) -> str:
    """Retained; an empty payload there takes the device away."""
    return f"homeassistant/device/maakhoek-{kiosk}/config"


def discovery(info: Info) -> bytes:
    """The payload for `discovery_topic`."""
    return msgspec.json.encode(
        {
            "device": {
                "identifiers": [f"maakhoek-{info.kiosk}"],
                "name": info.library,
                "model": info.printer_name,
                "sw_version": info.software,
            },
            "origin": {"name": ORIGIN, "sw_version": info.software},
            "availability": [{"topic": Topic.ONLINE.of(info.kiosk), "value_template": _ONLINE}],
            "qos": 1,
            "components": {
                name: {"unique_id": f"maakhoek-{info.kiosk}-{name}", **component}
                for name, component in _components(info.kiosk).items()
            },
        }
    )


def _components(kiosk: str) -> dict[str, dict[str, Any]]:
    state, telemetry = Topic.STATE.of(kiosk), Topic.TELEMETRY.of(kiosk)
    return {
        "printer": {
            "platform": "sensor",
            "name": "Printer",
            "device_class": "enum",
            "options": [state.value for state in PrinterState],
            "state_topic": state,
            "value_template": "{{ value_json.printer.state }}",
        },
        "connected": {
            "platform": "binary_sensor",
            "name": "Printer connected",
            "device_class": "connectivity",
            "state_topic": state,
            "value_template": "{{ 'ON' if value_json.printer.connected else 'OFF' }}",
        },
        "out_of_order": {
            "platform": "binary_sensor",
            "name": "Out of order",
            "state_topic": state,
            "value_template": "{{ 'ON' if value_json.out_of_order else 'OFF' }}",
        },
        "progress": {
            "platform": "sensor",
            "name": "Progress",
            "unit_of_measurement": "%",
            "state_topic": telemetry,
            "value_template": _of_progress("(value_json.progress.done * 100) | round(1)"),
        },
        "remaining": {
            "platform": "sensor",
            "name": "Time remaining",
            "device_class": "duration",
            "unit_of_measurement": "s",
            "state_topic": telemetry,
            "value_template": _of_progress("value_json.progress.remaining_s"),
        },
        "nozzle": _temperature("Nozzle", "nozzle_c", telemetry),
        "bed": _temperature("Bed", "bed_c", telemetry),
    }


def _of_progress(figure: str) -> str:
    """`None` is Home Assistant's word for unknown: nothing is being printed."""
    return "{{ " + figure + " if value_json.progress else None }}"


def _temperature(name: str, field: str, topic: str) -> dict[str, Any]:
    return {
        "platform": "sensor",
        "name": name,
        "device_class": "temperature",
        "unit_of_measurement": "°C",
        "state_class": "measurement",
        "state_topic": topic,
        "value_template": "{{ value_json.temperatures." + field + " }}",
    }
