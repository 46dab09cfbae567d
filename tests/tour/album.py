"""Numbered pictures with a line of text each, and the page that shows them."""

import html
from pathlib import Path

from PIL import Image

SHEET_PX = 960

_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Maakhoek: the tour</title>
<style>
body {{ margin: 2rem auto; max-width: 100rem; padding: 0 1rem; font: 1rem/1.4 sans-serif }}
body {{ background: #FAF6EF; color: #1D2730 }}
main {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(26rem, 1fr)); gap: 1.5rem }}
figure {{ margin: 0; background: #fff; border: 1px solid #D9D2C5; border-radius: .5rem; overflow: hidden }}
img {{ width: 100%; display: block; border-bottom: 1px solid #D9D2C5 }}
figcaption {{ padding: .6rem 1rem }}
</style>
<h1>Maakhoek: the tour</h1>
<p>{count} pictures, taken while the real kiosk, bridge, broker, recorder and dashboard ran
with a simulated printer.</p>
<main>
{figures}
</main>
"""
_FIGURE = (
    '<figure><a href="{name}"><img src="{name}" alt=""></a><figcaption>{number}. {caption}</figcaption></figure>'
)


class Album:
    """Pictures in `folder`, in the order in which they were asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._captions: list[tuple[str, str]] = []
        folder.mkdir(parents=True, exist_ok=True)
        for old in (*folder.glob("*.png"), folder / "index.html"):
            old.unlink(missing_ok=True)

    def next(self, name: str, caption: str) -> Path:
        """Where the next picture goes."""
        file = f"{len(self._captions) + 1:02}-{name}.png"
        self._captions.append((file, caption))
        print(f"  {file:<34} {caption}", flush=True)
        return self._folder / file

    def refresh(self, pictures: Path) -> None:
        """Take the place of the pictures there: those whose name, without its number, is there already."""
        for file, _ in self._captions:
            older = pictures / file.split("-", 1)[1]
            if older.exists():
                with Image.open(self._folder / file) as picture:
                    picture.convert("RGB").resize((SHEET_PX, SHEET_PX * picture.height // picture.width)).quantize(
                        128
                    ).save(older, optimize=True)

    def write_index(self) -> Path:
        """The page with all of them."""
        figures = "\n".join(
            _FIGURE.format(name=name, number=number, caption=html.escape(caption))
            for number, (name, caption) in enumerate(self._captions, start=1)
        )
        index = self._folder / "index.html"
        index.write_text(_PAGE.format(count=len(self._captions), figures=figures))
        return index
