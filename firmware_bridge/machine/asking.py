"""What the printer asks of people: host prompts, waits that only a person ends, filament that has run out. Pure.

Marlin's prompts come as host actions: `prompt_begin TEXT`, `prompt_button LABEL` (or `prompt_choice`) for each
button, `prompt_show`, and `prompt_end` when they are to go. The answer is `M876 S<n>`, n counted from 0. One that
only says `busy: paused for user` is released with M108, where it knows that.

Notifications are nobody's question: Marlin repeats the text of M117 in them, and that is the file's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from firmware_bridge.contract import Attention, Question, QuestionKind
from firmware_bridge.link.replies import Busy, HostAction, Reply

MAX_CHOICES: Final = 10
MAX_TEXT: Final = 80
CONTINUE: Final = "Continue"
BREAK_WAIT: Final = b"M108"
PAUSED_FOR_USER: Final = "paused for user"

_ATTENTIONS: Final = (
    (re.compile(r"run ?out|out.of.filament", re.IGNORECASE), Attention.FILAMENT_RUNOUT),
    (
        re.compile(r"filament|nozzle parked|insert|heater ?timeout|purg|reheat", re.IGNORECASE),
        Attention.FILAMENT_CHANGE,
    ),
    (re.compile(r"door", re.IGNORECASE), Attention.DOOR_OPEN),
)
_KINDS: Final = (
    (re.compile(r"purge", re.IGNORECASE), QuestionKind.MORE_FILAMENT),
    (re.compile(r"heat", re.IGNORECASE), QuestionKind.HEAT_AGAIN),
)


@dataclass(frozen=True)
class _Draft:
    """A prompt that is being said."""

    text: str
    choices: tuple[str, ...] = ()


class Asking:
    """`question` is open until it is answered or withdrawn. `name` makes ids unique beyond this connection."""

    def __init__(self, name: str, *, breaks_waits: bool) -> None:
        self.question: Question | None = None
        self._name = name
        self._breaks_waits = breaks_waits
        self._count = 0
        self._draft: _Draft | None = None
        self._is_prompt = False
        self._waits_for = ""
        self._cause: Attention | None = None

    @property
    def attention(self) -> Attention | None:
        """Why somebody has to come; None where nobody has to."""
        if self._cause is not None:
            return self._cause
        if self._waits_for:
            return _attention_of(f"{self._waits_for} {self.question.text if self.question else ''}")
        return _attention_of(self.question.text) if self.question is not None else None

    def hear(self, reply: Reply) -> None:
        """One reply of the printer's."""
        if isinstance(reply, Busy):
            if reply.for_person:
                self._waits_for = reply.text
                self._ask_to_go_on()
            else:
                self.went_on()
        elif isinstance(reply, HostAction):
            self._act(reply.name, reply.text[:MAX_TEXT])

    def went_on(self) -> None:
        """It carries commands out: it no longer waits for anybody."""
        if self._waits_for:
            self._waits_for = ""
            self._cause = None
            self._ask_to_go_on()

    def resumed(self) -> None:
        """Whoever was needed has been there."""
        self._cause = None

    def answer(self, question: str, choice: int) -> bytes | None:
        """The command that answers, once; None for a question that is not open, or a choice that it has not."""
        asked = self.question
        if asked is None or asked.id != question or not 0 <= choice < len(asked.choices):
            return None
        self.question = None
        return b"M876 S%d" % choice if self._is_prompt else BREAK_WAIT

    def _act(self, action: str, text: str) -> None:
        match action:
            case "prompt_begin":
                self._draft = _Draft(text)
            case "prompt_button" | "prompt_choice" if self._draft is not None:
                self._draft = _Draft(self._draft.text, (*self._draft.choices, text)[:MAX_CHOICES])
            case "prompt_show" if self._draft is not None:
                self._show(self._draft)
                self._draft = None
            case "prompt_end":
                self.question = self._draft = None
            case "out_of_filament":
                self._cause = Attention.FILAMENT_RUNOUT
            case "resume" | "resumed":
                self.resumed()

    def _show(self, draft: _Draft) -> None:
        if _attention_of(draft.text) is Attention.FILAMENT_RUNOUT:
            self._cause = Attention.FILAMENT_RUNOUT
        if draft.choices:
            self._ask(draft.text, draft.choices, is_prompt=True)

    def _ask_to_go_on(self) -> None:
        """The question of a firmware that waits and asks none; withdrawn when it waits no longer."""
        waits = self._waits_for == PAUSED_FOR_USER and self._breaks_waits
        if waits and self.question is None:
            self._ask(self._waits_for, (CONTINUE,), is_prompt=False)
        elif not waits and self.question is not None and not self._is_prompt:
            self.question = None

    def _ask(self, text: str, choices: tuple[str, ...], *, is_prompt: bool) -> None:
        self._count += 1
        self._is_prompt = is_prompt
        kind = _kind_of(text, choices)
        self.question = Question(id=f"{self._name}-{self._count}", text=text, choices=choices, kind=kind)


def _attention_of(text: str) -> Attention:
    return next((kind for pattern, kind in _ATTENTIONS if pattern.search(text)), Attention.WAITS_FOR_PERSON)


def _kind_of(text: str, choices: Sequence[str]) -> QuestionKind:
    said = " ".join((text, *choices))
    found = next((kind for pattern, kind in _KINDS if pattern.search(said)), None)
    if found is not None:
        return found
    return QuestionKind.CONTINUE if tuple(choices) == (CONTINUE,) else QuestionKind.OTHER
