"""`make tour`: exit code 0 when every step happened; the pictures and index.html are in `--out`."""

import argparse
import sys
import tempfile
from pathlib import Path

from support.appliance import COLLECTION, appliance
from support.browser import chromium

from tour.album import Album
from tour.guide import Guide
from tour.looks import take_looks
from tour.region import LIBRARIES, look_at_the_region
from tour.route import cards_of, take_the_tour, visit

SPEED = 25.0
OTHER_SCREENS = (("1024x600-10", 1024, 600, 10.1), ("1024x600-7", 1024, 600, 7.0))


def main() -> int:
    """Take all pictures."""
    parser = argparse.ArgumentParser(prog="python -m tour", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/tour"))
    parser.add_argument(
        "--refresh", type=Path, metavar="FOLDER", help="renew the pictures of a text that stand there"
    )
    chosen = parser.parse_args()
    album = Album(chosen.out)
    with tempfile.TemporaryDirectory(prefix="tour-") as folder:
        main_screen = Path(folder) / "main"
        main_screen.mkdir()
        with (
            appliance(main_screen, SPEED, neighbours=LIBRARIES) as (stack, finger),
            chromium(main_screen) as browser,
        ):
            take_the_tour(Guide(album, stack, finger), browser, cards_of(COLLECTION))
            look_at_the_region(album, stack, main_screen)
        for name, width_px, height_px, diagonal_inch in OTHER_SCREENS:
            other = Path(folder) / name
            other.mkdir()
            with appliance(other, SPEED, width_px, height_px, diagonal_inch) as (stack, finger):
                visit(Guide(album, stack, finger), name)
    take_looks(album, COLLECTION)
    if chosen.refresh:
        album.refresh(chosen.refresh)
    print(f"\n  {album.write_index()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
