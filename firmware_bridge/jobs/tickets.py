"""What a visitor remembers instead of a name: an animal and a number. Pure."""

from collections.abc import Callable, Iterable
from typing import Final

from firmware_bridge.contract import Animal, Ticket

MAX_NUMBER: Final = 99


def new_ticket(taken: Iterable[Ticket], choose: Callable[[int], int]) -> Ticket:
    """One that nobody holds. `choose(n)`: any number from 0 to n - 1.

    At most MAX_NUMBER of an animal; there are far more tickets than jobs that may be kept at a time.
    """
    held = frozenset((ticket.animal, ticket.number) for ticket in taken)
    free = [
        (animal, number)
        for animal in Animal
        for number in range(1, MAX_NUMBER + 1)
        if (animal, number) not in held
    ]
    animal, number = free[choose(len(free))]
    return Ticket(animal=animal, number=number)
