"""What a key does to a text."""

from kiosk.domain.draft import Draft, KeyPage, TextProblem
from kiosk.domain.keyboard import CHARACTERS, press


def typed(*keys: str, max_length: int = 12) -> Draft:
    draft = Draft(card="sleutelhanger")
    for key in keys:
        draft = press(draft, key, max_length)
    return draft


def test_words_begin_with_a_capital() -> None:
    assert typed(*"an-sofie").text == "An-Sofie"
    assert typed(*"jan", "space", *"p").text == "Jan P"


def test_shift_holds_for_one_letter() -> None:
    assert typed("shift", "a", "shift", "b", "c").text == "aBc"


def test_an_accent_comes_back_to_the_letters() -> None:
    draft = typed("z", "o", "accents", "ë")
    assert (draft.text, draft.page) == ("Zoë", KeyPage.LETTERS)


def test_digits_stay_and_letters_come_back_by_their_key() -> None:
    draft = typed("digits", "3", "letters", "shift", "a")
    assert (draft.text, draft.page) == ("3A", KeyPage.LETTERS)


def test_backspace_to_nothing_and_beyond() -> None:
    draft = typed("n", "backspace", "backspace")
    assert (draft.text, draft.capital) == ("", True)


def test_no_space_at_the_front_and_never_two() -> None:
    assert typed("space", "a", "space", "space", "b").text == "A B"


def test_a_full_text_stays_and_says_so() -> None:
    draft = typed(*"abcd", max_length=3)
    assert draft.text == "Abc"
    assert draft.trouble and draft.trouble.problem is TextProblem.TOO_LONG
    assert press(draft, "backspace", 3).trouble is None


def test_a_key_that_does_not_exist_does_nothing() -> None:
    assert typed("a", "ж", "", "ab", "\n").text == "A"


def test_every_letter_is_on_one_page_at_most_twice() -> None:
    letters = CHARACTERS[KeyPage.LETTERS]
    assert sorted(letters) == sorted(set(letters)) and len(letters) == 26
    assert letters.startswith("azertyuiop")
