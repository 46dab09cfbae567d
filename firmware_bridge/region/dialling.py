"""A connection to one broker, before anything is said on it."""

from typing import Final

import msgspec
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from firmware_bridge.config import Broker
from firmware_bridge.contract import MAX_PAYLOAD_BYTES, Online, Topic

KEEPALIVE_S: Final = 30
CONNECT_S: Final = 5.0
INFLIGHT: Final = 100


def new_client(broker: Broker, kiosk: str, will: Online) -> mqtt.Client:
    """Not connected yet; one for each connection. Raises OSError or ValueError for a file that is not fit."""
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=kiosk, protocol=mqtt.MQTTv5)
    client.connect_timeout = CONNECT_S
    client.max_inflight_messages_set(INFLIGHT)
    if broker.ca is not None:
        client.tls_set(broker.ca, broker.certificate, broker.key)
    client.will_set(Topic.ONLINE.of(kiosk), msgspec.json.encode(will), 1, retain=True)
    return client


def dial(client: mqtt.Client, broker: Broker) -> None:
    """With a clean start. Raises OSError or ValueError where nobody answers, or not as we trust it."""
    properties = Properties(PacketTypes.CONNECT)
    properties.MaximumPacketSize = 2 * MAX_PAYLOAD_BYTES
    client.connect(broker.host, broker.port, KEEPALIVE_S, clean_start=True, properties=properties)
