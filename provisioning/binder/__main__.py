"""`make binder`: the texts of docs/binder as PDF, to print and to put beside the printer. Needs Chromium."""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from provisioning.binder.sheets import sheets

TEXTS = Path(__file__).parents[2] / "docs" / "binder"
PRINT_TIMEOUT_S = 120


def main() -> int:
    """Exit code 1, with what to do, where it cannot be printed."""
    parser = argparse.ArgumentParser(prog="python -m provisioning.binder", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/binder"), help="folder of the PDFs")
    out = parser.parse_args().out
    chromium = shutil.which("chromium")
    if chromium is None:
        print("There is no Chromium on this machine: apt install chromium", file=sys.stderr)
        return 1
    out.mkdir(parents=True, exist_ok=True)
    for text in sorted(TEXTS.glob("*.md")):
        pdf = out.resolve() / f"{text.stem}.pdf"
        _print(chromium, sheets(text.read_text(), TEXTS), pdf)
        print(f"  {pdf}")
    return 0


def _print(chromium: str, page: str, pdf: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="binder-") as folder:
        html = Path(folder) / "page.html"
        html.write_text(page)
        subprocess.run(
            (
                *(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"),
                *(f"--user-data-dir={folder}/profile", f"--print-to-pdf={pdf}", html.as_uri()),
            ),
            check=True,
            capture_output=True,
            timeout=PRINT_TIMEOUT_S,
        )


if __name__ == "__main__":
    sys.exit(main())
