"""A text of the binder as one HTML page for A4: each chapter begins a sheet, pictures follow their words."""

import re
from pathlib import Path
from urllib.parse import quote

from markdown_it import MarkdownIt

_PAGE = """<!doctype html>
<html lang="nl"><meta charset="utf-8"><title>{title}</title><base href="{base}">
<style>
@page {{ size: A4; margin: 18mm 16mm 18mm 22mm }}
body {{ font: 11.5pt/1.45 "Atkinson Hyperlegible", sans-serif; color: #1D2730 }}
h1 {{ font-size: 26pt; margin: 0 0 6mm }}
h2 {{ font-size: 18pt; break-before: page; margin: 0 0 4mm; border-bottom: 1mm solid #E4572E }}
table {{ border-collapse: collapse; width: 100%; margin: 4mm 0 }}
td, th {{ border: .3mm solid #8C9299; padding: 2mm 2.5mm; vertical-align: top; text-align: left }}
thead:not(:has(th:not(:empty))) {{ display: none }}
tr, img, pre {{ break-inside: avoid }}
img {{ width: 100mm; border: .3mm solid #8C9299; border-radius: 2mm; margin: 3mm 0 0 }}
pre, code {{ font-family: "DejaVu Sans Mono", monospace; font-size: 9.5pt }}
pre {{ background: #F4F1EA; padding: 3mm; white-space: pre-wrap }}
a {{ color: inherit; text-decoration: none }}
</style>
{body}
"""


def sheets(text: str, folder: Path) -> str:
    """The page's HTML; the text's pictures stand in `folder`."""
    body = MarkdownIt("commonmark").enable("table").render(text)
    title = re.search(r"^# (.+)$", text, re.MULTILINE)
    return _PAGE.format(title=title[1] if title else "Maakhoek", base=f"file://{quote(str(folder))}/", body=body)
