"""What a card may say of its parameters."""

from pathlib import Path

import pytest

from catalogue.cards import CardError, Theme, read_card
from catalogue.library import MODELS

CARD = (MODELS / "hanger" / "card.toml").read_text()
TEXT = """
[[parameters]]
kind = "text"
id = "name"
max_length = 8
example = "Noor"
label = { nl = "Naam", fr = "Nom", en = "Name" }
"""


def write(folder: Path, text: str) -> Path:
    (folder / "hanger").mkdir()
    path = folder / "hanger" / "card.toml"
    path.write_text(text)
    return path


def test_a_card_with_choices(tmp_path):
    card = read_card(write(tmp_path, CARD))
    assert card.theme is Theme.JEWELLERY and card.is_personal and card.text is None
    assert [choice.id for choice in card.choices] == ["form", "size"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (
            ('heart"\nlabel', 'hearts"\nlabel'),
            "`parameters.form.example` is 'hearts'; it should be one of heart, star",
        ),
        (('theme = "jewellery"', 'theme = "magic"'), "magic"),
        (
            (
                '[[parameters]]\nkind = "choice"\nid = "form"',
                TEXT + '[[parameters]]\nkind = "choice"\nid = "form"',
            ),
            "a text",
        ),
    ],
    ids=["example", "theme", "text and choice"],
)
def test_a_card_that_cannot_be_shown_names_the_key(tmp_path, change, named):
    path = write(tmp_path, CARD.replace(*change))
    with pytest.raises(CardError) as caught:
        read_card(path)
    assert named in str(caught.value) and str(path) in str(caught.value)
