"""The published contract: up to date, sound by its own standards, and what a real bridge says fits it."""

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft7Validator, Draft202012Validator
from support.bridge_client import BridgeClient, client
from support.broker import mosquitto
from support.gcode import write_tower
from support.hand_bridge import HandBridge, hand_bridge
from support.published import FOLDER, complaints, validator
from support.region_client import RegionClient, region_client
from support.waiting import until

from firmware_bridge import cli
from firmware_bridge.contract import Topic
from firmware_bridge.published.files import contents, examples, outdated
from firmware_bridge.published.messages import MESSAGES, Message
from firmware_bridge.published.schemas import schemas

ASYNCAPI = json.loads((FOLDER / "asyncapi.json").read_text())
EXAMPLES = [
    pytest.param(message, example, id=name)
    for message in MESSAGES
    for name, example in examples(FOLDER, message.name)
]


def test_the_committed_files_are_up_to_date() -> None:
    assert outdated(FOLDER) == [], "run: python -m firmware_bridge contract"
    generated = {path.name for path in FOLDER.glob("*.json")}
    assert generated == set(contents(FOLDER)), "a file of a message that is no more"


def test_a_stale_file_is_found_and_mended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["contract", "--out", str(tmp_path)]) == 0
    (tmp_path / "state.json").write_text("{}")
    (tmp_path / "ack.json").unlink()

    assert cli.main(["contract", "--out", str(tmp_path), "--check"]) == 1
    assert "out of date: state.json, ack.json" in capsys.readouterr().err
    assert cli.main(["contract", "--out", str(tmp_path)]) == 0
    assert cli.main(["contract", "--out", str(tmp_path), "--check"]) == 0


def test_every_topic_is_published() -> None:
    assert [message.topic for message in MESSAGES] == list(Topic)


@pytest.mark.parametrize("name", schemas())
def test_schemas_are_sound(name: str) -> None:
    Draft202012Validator.check_schema(schemas()[name])
    for reference in _references(schemas()[name]):
        assert reference.removeprefix("#/$defs/") in schemas()[name]["$defs"]


# --- examples: decoded by the struct, validated by the schema -----------------------------------------


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
def test_every_message_has_an_example(message: Message) -> None:
    assert list(examples(FOLDER, message.name))


@pytest.mark.parametrize(("message", "example"), EXAMPLES)
def test_examples_are_read_by_both_sides(message: Message, example: dict[str, Any]) -> None:
    validator(message.name).validate(example)
    decoded = msgspec.json.decode(json.dumps(example), type=message.body)
    again = json.loads(msgspec.json.encode(decoded))
    assert _holds(again, example)
    validator(message.name).validate(again)


@pytest.mark.parametrize(("message", "example"), EXAMPLES)
def test_what_an_example_may_not_miss_is_missed_by_both_sides(message: Message, example: dict[str, Any]) -> None:
    for field in validator(message.name).schema["required"]:
        less = {key: value for key, value in example.items() if key != field}
        assert not validator(message.name).is_valid(less)
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(json.dumps(less), type=message.body)


def _holds(whole: Any, part: Any) -> bool:
    """Everything that the example says is still said; what it leaves out has become a default."""
    if isinstance(part, dict):
        return all(key in whole and _holds(whole[key], value) for key, value in part.items())
    if isinstance(part, list):
        return len(whole) == len(part) and all(map(_holds, whole, part))
    return bool(whole == part)


# --- the document of the topics ------------------------------------------------------------------------


def test_the_document_fits_the_schema_that_asyncapi_publishes() -> None:
    schema = json.loads((Path(__file__).parent / "asyncapi-3.0.0.json").read_text())
    validator_of_documents = Draft7Validator(schema)
    assert [error.message for error in validator_of_documents.iter_errors(ASYNCAPI)] == []

    for broken in ({"asyncapi": "2.6.0"}, {"channels": {"state": {"adress": "x"}}}, {"operations": {"x": {}}}):
        assert not validator_of_documents.is_valid(ASYNCAPI | broken)


def test_every_reference_of_the_document_leads_somewhere() -> None:
    references = list(_references(ASYNCAPI))
    assert len(references) > 3 * len(MESSAGES)
    for reference in references:
        if reference.startswith("./"):
            assert (FOLDER / reference).is_file(), reference
        else:
            place = ASYNCAPI
            for word in reference.removeprefix("#/").split("/"):
                place = place[word]


def test_the_document_says_what_is_kept_and_what_never() -> None:
    bindings = {name: one["bindings"]["mqtt"] for name, one in ASYNCAPI["operations"].items()}
    assert bindings["send_telemetry"]["qos"] == 0 and not bindings["send_telemetry"]["retain"]
    assert bindings["send_state"]["retain"] and bindings["send_state"]["qos"] == 1
    assert bindings["receive_cmd"]["messageExpiryInterval"] == 30 and not bindings["receive_cmd"]["retain"]
    assert ASYNCAPI["channels"]["cmd"]["address"] == "maakhoek/v1/{kiosk}/cmd/{name}"


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        yield from chain.from_iterable(map(_references, value.values()))
    elif isinstance(value, list):
        yield from chain.from_iterable(map(_references, value))


# --- what is really said -------------------------------------------------------------------------------


class Recorded(BridgeClient):
    """Keeps every line that it sends and gets."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.asked: list[Any] = []

    def send(self, line: bytes, descriptors: Any = ()) -> None:
        self.asked.append(json.loads(line))
        super().send(line, descriptors)


def _print_and_call(bridge: HandBridge, kiosk: BridgeClient, folder: Path) -> None:
    kiosk.until_connected()
    job = kiosk.submit(write_tower(folder / "print.gcode"))
    kiosk.call("job.start", job=job["id"], plate_is_empty=True)
    until(lambda: bridge.machine.job, what="the printer has the job")
    bridge.machine.print_on(20)
    kiosk.until_job("printing")
    kiosk.call("staff.call", reason="help")


def _kinds(region: RegionClient) -> set[str]:
    return {leaf.partition("/")[0] for leaf, _ in tuple(region.messages)}


def test_a_real_bridge_speaks_as_published(tmp_path: Path) -> None:
    with mosquitto(tmp_path) as broker, region_client(broker) as region, hand_bridge(tmp_path, broker) as bridge:
        with client(bridge.socket) as first:
            _print_and_call(bridge, first, tmp_path)
        job = until(lambda: region.latest.get("state", {}).get("job"), what="the print is reported")
        paused = region.command("pause", job=job["id"])
        region.until_outcome(paused, "finished")
        refused = region.command("approve", job="nobody's")
        region.until_outcome(refused, "rejected")
        until(lambda: region.latest.get("alert/call"), what="the call is reported")
        every_kind = {m.name for m in MESSAGES if m.from_kiosk}
        until(lambda: _kinds(region) == every_kind, what=f"one of each: {sorted(every_kind)}")
        said = tuple(region.messages)

    assert [complaint for leaf, content in said for complaint in complaints(leaf, content)] == []


def test_a_message_that_does_not_fit_is_found() -> None:
    assert complaints("online", {"online": "yes", "session": 1}) == [
        "online: $.online: 'yes' is not of type 'boolean'"
    ]


def test_requests_that_a_real_bridge_takes_fit_the_schema(tmp_path: Path) -> None:
    with hand_bridge(tmp_path) as bridge:
        kiosk = Recorded(bridge.socket)
        _print_and_call(bridge, kiosk, tmp_path)
        kiosk.socket.close()
    asked = kiosk.asked

    assert {line["method"] for line in asked} >= {"job.submit", "job.start", "staff.call"}
    for line in asked:
        validator("socket").validate(line)
    assert not validator("socket").is_valid(asked[0] | {"method": "job.teleport"})
