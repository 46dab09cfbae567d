"""The list that ships refuses what it should, however it is written, and nobody's name."""

from pathlib import Path

import pytest

from kiosk.adapters.word_list import OURS, refused_words
from kiosk.domain.refused import is_refused, read_words

WORDS = refused_words("")

FIRST_NAMES = """
    Aaliyah Aaron Achiel Adam Adolf Alain Alessio Alexander Amina Amber An Anaïs Andreas Anke Annelies Arne
    Arthur Assia Axelle Aya Bart Bas Basiel Ben Bent Bieke Birgit Bo Bob Bram Brecht Camille Carl Cas Céline
    Charlotte Con Cor Cédric Daan Danny Dick Dirk Dorien Eden Edgard Eline Elif Els Emiel Emma Eva Fanny
    Fatima Femke Ferre Fien Finn Fleur Flor Fokke Frans Gaston Geert Gerda Gilles Griet Guido Gust Hamza
    Hannelore Hans Hilde Ilse Inès Isis Jaak Jan Jef Jeff Jelle Jo Joost Joris Juliette Jules Kaat Kamiel
    Karel Kato Katrien Kevin Kim Klaas Koen Kris Lander Lars Lieselot Lieven Liesbet Lode Lotte Louis Loïc Luk
    Lukas Maarten Maïté Maks Manon Marie-Rose Mariëtte Mats Maxime Mehmet Mia Mieke Miel Mohamed Muhammed Nand
    Nele Nette Nick Nikki Niels Noah Noor Nora Noé Olivia Otis Paul Piet Pim Pol Pieter-Jan Randy Reinhilde
    Remi Renée Rik Roos Ruben Rutger Sarah Seppe Servaas Siebe Sien Sigrid Sofie Staf Stan Stien Stijn Sven
    Tess Thijs Thor Tibo Tijl Tine Titus Toon Tuur Urbain Vic Victor Viktor Wannes Wies Willy Wim Wolf Wout
    Xander Xavier Yasmina Yusuf Zita Zoë
"""
SURNAMES = """
    Aerts, Baert, Bastaerts, Bastin, Beerten, Bogaert, Boons, Claes, Claeys, Cocquyt, Cockx, Coene, Cools,
    Coucke, D'Hondt, D'Hooghe, Daems, De Backer, De Bie, De Bitter, De Clercq, De Cock, De Cocker, De Coninck,
    De Cuyper, De Graeve, De Groote, De Kloet, De Meester, De Naeyer, De Neve, De Pauw, De Pijpere, De Ridder,
    De Schutter, De Smet, De Vos, De Vuyst, De Wulf, Dickens, Dierckx, Dumont, Engels, Fockaert, Fockedey,
    Geens, Geilen, Goossens, Hendrickx, Hermans, Hertogs, Hoerée, Hoorens, Huysmans, Jacobs, Janssens,
    Kesteloot, Kloots, Kloeck, Kuyt, Lambrecht, Lauwers, Lemmens, Lievens, Luyten, Maes, Martens, Mertens,
    Michiels, Moens, Naaktgeboren, Nys, Nikkels, Pauwels, Peeters, Penisson, Pissens, Poppe, Pussemier,
    Putman, Putzeys, Raes, Rosseel, Sas, Scheers, Segers, Slootmans, Smets, Spaepen, Stevens, Stuyck,
    Teetaert, Teirlinck, Tack, Thijs, Titeca, Tytgat, Van Acker, Van Assche, Van Damme, Van den Bossche, Van
    de Putte, Van de Velde, Van Hoeck, Van Hool, Van Kuyck, Van Pee, Vandenabeele, Vandeputte, Verhaeghe,
    Vermeulen, Verschaffel, Viaene, Wauters, Willems, Wouters, Wyffels
"""
DECENT = """
    Scunthorpe, Penistone, Essex, Aarschot, Asse, Assebroek, Kontich, Poperinge, Putte, Reet, Montenegro,
    cocktail, analyse, titel, klassiek, Kom op tegen Kanker, en retard, Sint-Anna-Pede, schitterend, kutsen, A
    B C, I l 1 1, 2580
"""
NAMES = (*FIRST_NAMES.split(), *(name.strip() for name in (SURNAMES + "," + DECENT).split(",") if name.strip()))


def test_nobodys_name_and_no_place_is_refused() -> None:
    assert len(NAMES) > 300
    assert [name for name in NAMES if is_refused(name, WORDS)] == []
    pairs = zip(FIRST_NAMES.split(), (name.strip() for name in SURNAMES.split(",")), strict=False)
    assert [pair for pair in pairs if is_refused(" ".join(pair), WORDS)] == []


@pytest.mark.parametrize(
    "text",
    [
        *("fuck", "FUCK YOU", "f u c k", "f.u.c.k", "f-u-c-k", "fuuuuck", "fück", "F*u*c*k", "you fuck!"),
        *("sh1t", "5h!t", "b1tch", "1ul", "|ul", "k|ootzak", "h0er", "n4z1", "n@zi", "a$$hole", "kut-wijf", "kut"),
        *("connard", "enculé", "Salope", "m3rd3", "ARSCHLOCH", "Scheiße", "wichser", "Hit1er", "s l e t"),
    ],
)
def test_a_bad_word_is_refused_however_it_is_written(text: str) -> None:
    assert is_refused(text, WORDS)


def test_a_word_within_another_is_not_held_against_it() -> None:
    assert not is_refused("kutsen", read_words("kut")) and is_refused("de kut", read_words("kut"))


def test_a_library_adds_words_and_takes_some_of_ours_off(tmp_path: Path) -> None:
    own = tmp_path / "own.txt"
    own.write_text("stommerik  # not here\n\n-merde\n- tapette\n", "utf-8")
    words = refused_words(str(own))
    said = ("St0mmerik!", "merde", "Tapette", "kut")
    assert [is_refused(text, words) for text in said] == [True, False, False, True]
    assert len(words) == len(WORDS) - 1


def test_a_list_that_cannot_be_read_is_told_and_ours_stays(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert refused_words(str(tmp_path / "gone.txt")) == WORDS
    assert "gone.txt" in caplog.text


def test_ours_is_in_order_and_says_nothing_twice() -> None:
    words = [line for line in OURS.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert len(words) == len(set(words)) == len(WORDS)
