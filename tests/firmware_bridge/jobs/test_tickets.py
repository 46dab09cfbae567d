"""An animal and a number that nobody else holds."""

import random

from firmware_bridge.contract import Animal, Ticket
from firmware_bridge.jobs.tickets import MAX_NUMBER, new_ticket


def test_no_ticket_twice_until_all_are_given() -> None:
    dice = random.Random(1)
    given: list[Ticket] = []
    for _ in range(len(Animal) * MAX_NUMBER):
        given.append(new_ticket(given, dice.randrange))
    assert len({(ticket.animal, ticket.number) for ticket in given}) == len(Animal) * MAX_NUMBER
    assert {ticket.number for ticket in given} == set(range(1, MAX_NUMBER + 1))


def test_one_that_is_given_back_may_come_again() -> None:
    taken = [Ticket(animal=animal, number=n) for animal in Animal for n in range(1, MAX_NUMBER + 1)]
    back = taken.pop(500)
    assert new_ticket(taken, lambda n: n - 1) == back
