"""The texts: Dutch stands in the code, the other languages in `<language>/LC_MESSAGES/kiosk.po`.

pybabel extract -k _ -k plural:1,2 --no-location -o kiosk.pot kiosk    after a change in the code
pybabel update -N -D kiosk -i kiosk.pot -d kiosk/locale                then translate what is new
pybabel compile -d kiosk/locale -D kiosk                               what a running kiosk reads
"""

import gettext
import logging
from pathlib import Path

log = logging.getLogger(__name__)

FOLDER = Path(__file__).parent
DOMAIN = "kiosk"
LANGUAGES = {
    "nl": "Nederlands",
    "fr": "Français",
    "en": "English",
    "de": "Deutsch",
    "uk": "Українська",
    "ar": "العربية",
}
"""Code and own name, in the order in which they are offered."""
COMPLETE = ("nl", "fr", "en", "de")
"""Of these every text must be there and up to date; the others may lack some."""
FROM_RIGHT = frozenset({"ar"})
"""Languages that are read from the right."""


class Translator:
    """Texts in one language; the Dutch one where a translation is missing."""

    def __init__(self, language: str, folder: Path = FOLDER) -> None:
        self.language = language
        self._texts = gettext.translation(DOMAIN, folder, [language], fallback=True)
        if language != "nl" and type(self._texts) is gettext.NullTranslations:
            log.warning("no compiled texts for '%s': run `pybabel compile -d %s -D %s`", language, folder, DOMAIN)

    def __call__(self, text: str, **values: object) -> str:
        """The text, with its {values} filled in."""
        translated = self._texts.gettext(text)
        return translated.format(**values) if values else translated

    def plural(self, one: str, many: str, n: int) -> str:
        """The text for `n`, which is filled in as {n}."""
        return self._texts.ngettext(one, many, n).format(n=n)
