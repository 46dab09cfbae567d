"""Whoever stands at the printer or at the host: what they are asked, what they have answered."""

from typing import Final

MENU: Final = ("PurgeMore", "Continue")


class Person:
    """`question` is open while somebody is waited for; a choice counts from 0 in the order of the buttons."""

    def __init__(self) -> None:
        self.last_choice: int | None = None
        self.forget()

    def forget(self) -> None:
        """A reset."""
        self.question: str | None = None
        self.choices: tuple[str, ...] = ()
        self.choice: int | None = None
        self.has_answered = False
        """Also where nobody was asked: M108 ends a wait for heat."""
        self._is_waited_for = True
        self._has_spoken = False

    def ask(self, question: str, choices: tuple[str, ...], *, is_waited_for: bool = True) -> None:
        """From now on there is something to answer; `close` it then where it is waited for."""
        self.question, self.choices = question, choices
        self.choice = None
        self.has_answered = False
        self._is_waited_for = is_waited_for

    def has_spoken(self) -> bool:
        """Whether there is something new since it was asked last."""
        spoken, self._has_spoken = self._has_spoken, False
        return spoken

    def listen(self) -> None:
        """Forget an answer to something else."""
        self.has_answered = False

    def go_on(self) -> None:
        """M108: it says yes, but it cannot choose between several."""
        if len(self.choices) <= 1:
            self._take(0)

    def press_knob(self) -> None:
        """On the printer's own screen the last choice is the one that goes on."""
        self._take(max(0, len(self.choices) - 1))

    def choose(self, choice: int) -> None:
        """One of the buttons; a number that there is not is none."""
        if self.question is not None and 0 <= choice < max(1, len(self.choices)):
            self._take(choice)

    def answer_line(self, command: bytes) -> None:
        """`M876 S1`."""
        _, _, number = command.partition(b"S")
        if number.isdigit():
            self.choose(int(number))

    def close(self) -> int:
        """The question is done with; the choice."""
        choice = self.choice or 0
        self.question, self.choices, self.choice = None, (), None
        return choice

    def _take(self, choice: int) -> None:
        self.has_answered = self._has_spoken = True
        if self.question is None:
            return
        self.choice = self.last_choice = choice
        if not self._is_waited_for:
            self.close()
