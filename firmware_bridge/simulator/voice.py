"""A firmware's texts, filled in: what it says about this printer at this moment."""

from typing import Final

from firmware_bridge.simulator.checks import Refusal, Skip
from firmware_bridge.simulator.firmwares.form import Firmware
from firmware_bridge.simulator.heaters import Heater
from firmware_bridge.simulator.motion import Motion

POWER_UP: Final = "PowerUp"
Value = float | int | str


class Voice:
    """`firmware`'s words; `machine` is what the printer calls itself."""

    def __init__(self, firmware: Firmware, machine: str, nozzle: Heater, bed: Heater, motion: Motion) -> None:
        self.firmware = firmware
        self._texts = firmware.texts
        self._machine = machine
        self._nozzle = nozzle
        self._bed = bed
        self._motion = motion

    def banner(self, reason: str) -> str:
        """From the first line on. `reason`: POWER_UP, the kind of reset in Marlin's words, or "" for none."""
        form = self._texts.power_up if reason == POWER_UP else self._texts.reset_reason
        said = form.format(reason=reason) if reason else ""
        return self._texts.banner.format(reason=said)

    def identity(self) -> str:
        """M115's lines before its ok."""
        firmware = self.firmware
        x, y, z = (high for _, high in self._motion.limits.reach)
        return self._texts.identity.format(
            machine=self._machine,
            runout=int(bool(firmware.runout)),
            emergency=int(firmware.emergency_parser),
            prompts=int(firmware.prompts),
            protection=int(firmware.thermal_protection),
            x_max=x,
            y_max=y,
            z_max=z,
        )

    def temperatures(self) -> str:
        """M105's answer."""
        return self._texts.temperatures.format(**self._heat())

    def report(self) -> str:
        """M155's line."""
        return self._texts.report.format(temperatures=self.temperatures())

    def heat_wait(self, waits_for_bed: bool, seconds_left: int | None) -> str:
        """The line that M109 and M190 repeat every second; `seconds_left` of staying near the target."""
        form = self._texts.heat_wait_bed if waits_for_bed else self._texts.heat_wait
        left = "?" if seconds_left is None else str(seconds_left)
        return form.format(temperatures=self.temperatures(), left=left, **self._heat())

    def target(self, is_bed: bool, target_c: float) -> str:
        """The answer to a new target."""
        form = self._texts.target_bed if is_bed else self._texts.target_nozzle
        return form.format(target=target_c)

    def position(self) -> str:
        """M114's answer."""
        return self._texts.position.format(**self._where(self._motion.position))

    def about_move(self, form: str, goal: list[float]) -> str:
        """Why a move to there is not made."""
        return form.format(**self._where(goal))

    def unknown(self, command: bytes) -> str:
        """To a command that it does not have."""
        is_code = command[:1] in (b"G", b"M", b"T")
        form = self._texts.unknown if is_code or not self._texts.not_a_code else self._texts.not_a_code
        return self._about(form, command)

    def invalid_tool(self, command: bytes) -> str:
        """To T1 and up."""
        return self._about(self._texts.invalid_tool, command)

    @staticmethod
    def _about(form: str, command: bytes) -> str:
        text = command.decode("latin-1")
        return form.format(command=text, code=text.partition(" ")[0], letter=text[:1])

    def refusal(self, refusal: Refusal, last: int, *, ok: bool) -> str:
        """All lines with which a line is refused."""
        texts = self._texts
        why = texts.refusals.get(refusal.cause, "")
        again = "" if refusal.complaint else texts.resend
        said = (why + again).format(last=last, next=last + 1, got=refusal.got)
        return said + (f"{self.ok(last)}\n" if ok else "")

    def skip(self, skip: Skip, last: int) -> str:
        """For a line that need not come again."""
        return self._texts.skip.format(got=skip.got) + f"{self.ok(last)}\n"

    def resend(self, last: int, *, ok: bool) -> str:
        """A Resend alone, without a reason."""
        return self._texts.resend.format(next=last + 1) + (f"{self.ok(last)}\n" if ok else "")

    def ok(self, last: int) -> str:
        """An ok that belongs to no command."""
        return self._texts.ok_alone.format(last=last)

    def last_words(self, words: str, is_bed: bool) -> str:
        """Of a firmware that stops."""
        return words.format(heater=self.firmware.heater_names[is_bed])

    def action(self, action: str) -> str:
        """A host action."""
        return self._texts.action.format(action=action)

    def _heat(self) -> dict[str, Value]:
        nozzle, bed = self._nozzle, self._bed
        return {
            "nozzle": nozzle.reading_c,
            "nozzle_target": nozzle.target_c,
            "nozzle_power": nozzle.power,
            "bed": bed.reading_c,
            "bed_target": bed.target_c,
            "bed_power": bed.power,
        }

    @staticmethod
    def _where(position: list[float]) -> dict[str, Value]:
        x, y, z, e = position
        return {"x": x, "y": y, "z": z, "e": e, "x80": round(x * 80), "y80": round(y * 80), "z400": round(z * 400)}
