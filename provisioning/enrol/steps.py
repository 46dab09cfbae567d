"""Enrolment as a pure state machine: what lies on the disk says what comes next.

There is no note of progress that could disagree with the files. Each step ends with one file that appears whole or
not at all, so after a power cut at any moment the next run finds the step that was not done, and does it:

    a setup file is found  ->  it is ours        (the stick may go)
    no key                 ->  a key             (made here, never leaves)
    no root that fits      ->  the root          (its hash is in the setup file)
    no identity            ->  the identity      (the region answers the same code and key again)
    a setup file is left   ->  it is gone        (here and on the stick)

Once there is an identity, a setup file changes nothing: who holds a stick must not move a kiosk to another region.
"""

from dataclasses import dataclass
from enum import Enum


class Step(Enum):
    """What to do next."""

    WAIT = "wait for a setup file"
    TAKE = "take the setup file"
    MAKE_KEY = "make a key"
    FETCH_ROOT = "fetch the region's root"
    ASK = "ask for a certificate"
    FORGET = "forget the setup file"
    DONE = "enrolled"


@dataclass(frozen=True)
class Facts:
    """What is on the disk. `is_offered`: a setup file from outside that is not the one we hold."""

    is_offered: bool = False
    has_setup: bool = False
    has_key: bool = False
    has_root: bool = False
    has_identity: bool = False


def next_step(facts: Facts) -> Step:
    """Total: every combination of files has one answer."""
    if facts.has_identity:
        return Step.FORGET if facts.has_setup else Step.DONE
    if facts.is_offered:
        return Step.TAKE
    if not facts.has_setup:
        return Step.WAIT
    if not facts.has_key:
        return Step.MAKE_KEY
    return Step.ASK if facts.has_root else Step.FETCH_ROOT
