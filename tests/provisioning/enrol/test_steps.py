"""The enrolment's state machine, in every state that a disk can be in."""

from itertools import product

from provisioning.enrol.steps import Facts, Step, next_step

ALL = [Facts(*bits) for bits in product((False, True), repeat=5)]


def after(facts: Facts, step: Step) -> Facts:
    """What the disk holds when the step was done."""
    offered, setup, key, root, identity = (
        facts.is_offered, facts.has_setup, facts.has_key, facts.has_root, facts.has_identity,
    )  # fmt: skip
    match step:
        case Step.TAKE:
            offered, setup, root = False, True, False
        case Step.MAKE_KEY:
            key = True
        case Step.FETCH_ROOT:
            root = True
        case Step.ASK:
            identity = True
        case Step.FORGET:
            setup = False
    return Facts(offered, setup, key, root, identity)


def test_from_every_state_it_comes_to_an_end() -> None:
    for start in ALL:
        facts, steps = start, 0
        while (step := next_step(facts)) not in (Step.DONE, Step.WAIT):
            facts, steps = after(facts, step), steps + 1
            assert steps < 7, start
        assert (step is Step.DONE) == (start.has_identity or start.is_offered or start.has_setup)


def test_nothing_is_asked_without_a_key_and_the_root() -> None:
    for facts in ALL:
        if next_step(facts) is Step.ASK:
            assert facts.has_key and facts.has_root and facts.has_setup and not facts.has_identity


def test_who_is_enrolled_takes_no_other_setup_file() -> None:
    for facts in ALL:
        if facts.has_identity:
            assert next_step(facts) in (Step.FORGET, Step.DONE)
