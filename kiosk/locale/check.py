"""`python -m kiosk.locale.check [--update]`: is every text of the code translated?

--update puts new texts into every .po, empty and in order, and takes out what the code no longer says.
Exit code 1 names each text that is missing, outdated (fuzzy), left over, or has other {values} in it.
"""

import argparse
import ast
import io
import string
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from kiosk.locale import COMPLETE, DOMAIN, FOLDER, LANGUAGES

CODE = FOLDER.parent
ELSEWHERE = (CODE.parent / "provisioning/enrol/checks.py",)
"""What the set-up service says, in Dutch; the screen translates it."""
MsgId = str | tuple[str, ...] | list[str]
_HEADER = """\
# The kiosk's texts, for the same licence as Maakhoek itself.
msgid ""
msgstr ""
"Project-Id-Version: Maakhoek 0.1\\n"
"Language: {language}\\n"
"Plural-Forms: {plurals}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


def used(code: Path = CODE) -> set[MsgId]:
    """Every text in the code: `_("…")`, and both forms of `_.plural("…", "…", n)`."""
    files = (*sorted(code.rglob("*.py")), *ELSEWHERE)
    return {msgid for path in files for msgid in _texts(ast.parse(path.read_text()))}


def _texts(tree: ast.AST) -> Iterator[MsgId]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        words = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if isinstance(node.func, ast.Name) and node.func.id == "_" and words:
            yield words[0]
        elif isinstance(node.func, ast.Attribute) and node.func.attr == "plural" and len(words) > 1:
            yield words[0], words[1]


def po_of(language: str, folder: Path = FOLDER) -> Path:
    """The file of that language."""
    return folder / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(path: Path, language: str) -> Catalog:
    """Its texts; an empty catalogue where there is no file yet."""
    if not path.exists():
        return Catalog(language, DOMAIN, project="Maakhoek", version="0.1", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def write(path: Path, catalog: Catalog) -> None:
    """In the order of the texts, one line each, without dates: what did not change stays the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    body = io.BytesIO()
    write_po(body, catalog, width=0, sort_output=True, omit_header=True)
    header = _HEADER.format(language=catalog.locale_identifier, plurals=catalog.plural_forms)
    path.write_text(f"{header}\n{body.getvalue().decode()}")


def problems(wanted: set[MsgId], catalog: Catalog, complete: bool) -> Iterator[str]:
    """What is wrong with one language. One that need not be `complete` may lack texts, but not have wrong ones."""
    known = {message.id: message for message in catalog if message.id}
    for msgid in sorted(wanted, key=_first):
        message = known.get(msgid)
        if message is None or not all(_translations(message)):
            if complete:
                yield f"'{_first(msgid)}' is not translated"
        elif message.fuzzy:
            yield f"'{_first(msgid)}' is outdated (fuzzy)"
        elif any(not _values(text) <= _values(_last(msgid)) for text in _translations(message)):
            yield f"'{_first(msgid)}' has other {{values}} in it"
        elif isinstance(msgid, str) and _values(str(message.string)) != _values(msgid):
            yield f"'{msgid}' has lost a {{value}}"
    for msgid in sorted(set(known) - wanted, key=_first):
        yield f"'{_first(msgid)}' is no longer said"


def update(wanted: set[MsgId], catalog: Catalog, language: str) -> Catalog:
    """The same translations for exactly the texts that are wanted."""
    fresh = Catalog(language, DOMAIN, project="Maakhoek", version="0.1", fuzzy=False)
    known = {message.id: message for message in catalog if message.id}
    for msgid in wanted:
        message = known.get(msgid)
        fresh.add(msgid, message.string if message else None, flags=message.flags if message else ())
    return fresh


def _translations(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def _first(msgid: MsgId) -> str:
    return msgid if isinstance(msgid, str) else msgid[0]


def _last(msgid: MsgId) -> str:
    return msgid if isinstance(msgid, str) else msgid[1]


def _values(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name}


def main(arguments: list[str] | None = None) -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.locale.check", description=__doc__)
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args(arguments)
    wanted, wrong = used(), 0
    for language in LANGUAGES:
        path = po_of(language)
        if language == "nl":
            continue
        catalog = read(path, language)
        if options.update:
            catalog = update(wanted, catalog, language)
            write(path, catalog)
        for problem in problems(wanted, catalog, language in COMPLETE):
            print(f"{path}: {problem}", file=sys.stderr)
            wrong += 1
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
