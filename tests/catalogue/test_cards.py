"""What a card may say of its parameters."""

from pathlib import Path

import pytest

from catalogue.__main__ import main
from catalogue.cards import CardError, Texts, Theme, read_card
from catalogue.library import MODELS, card_ids

CARD = (MODELS / "hanger" / "card.toml").read_text()
TEXT = """
[[parameters]]
kind = "text"
id = "name"
max_length = 8
example = "Noor"
label = { nl = "Naam", fr = "Nom", en = "Name", de = "Name" }
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
        (('de = "Anhänger"\n', ""), "`title` has no `de`; it should have nl, fr, en, de"),
        ((', de = "Stern"', ""), "`parameters.form.options.star.label` has no `de`"),
    ],
    ids=["example", "theme", "text and choice", "German title", "German option"],
)
def test_a_card_that_cannot_be_shown_names_the_key(tmp_path, change, named):
    path = write(tmp_path, CARD.replace(*change))
    with pytest.raises(CardError) as caught:
        read_card(path)
    assert named in str(caught.value) and str(path) in str(caught.value)


def test_our_own_cards_speak_every_language_of_the_touchscreen():
    for card_id in card_ids():
        card = read_card(MODELS / card_id / "card.toml")
        for text in (card.title, card.description, *(parameter.label for parameter in card.parameters)):
            said = {language: text.in_language(language) for language in ("nl", "fr", "en", "de", "uk", "ar")}
            assert any("\u0400" <= letter <= "\u04ff" for letter in said["uk"]), (card_id, said)
            assert any("\u0600" <= letter <= "\u06ff" for letter in said["ar"]), (card_id, said)


def test_a_language_that_a_card_lacks_is_dutch():
    text = Texts(nl="Uil", fr="Chouette", en="Owl", de="Eule")
    assert [text.in_language(language) for language in ("de", "uk", "xx")] == ["Eule", "Uil", "Uil"]


def test_check_names_every_card_with_a_missing_text(tmp_path, capsys):
    write(tmp_path, CARD.replace('de = "Anhänger"\n', ""))
    assert main(["check", "--models", str(tmp_path)]) == 1
    assert "`title` has no `de`" in capsys.readouterr().err
    assert main(["check"]) == 0
