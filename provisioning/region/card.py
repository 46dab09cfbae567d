"""The A4 card that goes with a setup file: six steps, and the file itself as a QR code."""

from datetime import datetime
from html import escape
from string import Template
from typing import Final

import segno

from provisioning import setup_file
from provisioning.setup_file import SetupFile

_MONTHS: Final = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)

_STEPS: Final = (
    (
        "Zet klaar",
        "Zet het scherm naast de printer. Verbind ze met de USB-kabel. Zet de printer aan, met draad erin.",
    ),
    (
        "Netwerk",
        "Steek de netwerkkabel in het scherm en in de muur. Geen netwerkpunt? Kies <b>Wifi</b> naast de vinkjes.",
    ),
    ("USB-stick", "Zet het bestand <b>$file</b> op een USB-stick. Het mag tussen andere bestanden staan."),
    ("Stekker", "Steek de stick in het scherm. Steek daarna de stekker van het scherm in."),
    (
        "Vinkjes",
        "Wacht op de groene vinkjes: netwerk, klok, regio, printer, proefprint. Bij rood staat wat je doet.",
    ),
    ("Klaar", "Haal de stick eruit. Het bestand is gewist en de code is op. Je mag deze kaart weggooien."),
)

_PAGE: Final = Template("""<!doctype html>
<html lang="nl"><head><meta charset="utf-8"><title>Maakhoek: $library</title><style>
@page { size: A4; margin: 16mm }
body { font: 12.5pt/1.45 "Atkinson Hyperlegible", "Noto Sans", sans-serif; color: #1D2730; margin: 0;
       max-width: 178mm }
header { display: flex; justify-content: space-between; align-items: flex-start; gap: 10mm;
         border-bottom: .6mm solid #0F6B6E; padding-bottom: 6mm }
h1 { font-size: 25pt; line-height: 1.1; margin: 0 0 3mm } header p { margin: 0 0 2mm; color: #51606B }
figure { margin: 0; flex: none; width: 46mm } figure svg { width: 46mm; height: 46mm; display: block }
figcaption { font-size: 8.5pt; line-height: 1.3; color: #51606B }
ol { list-style: none; margin: 7mm 0; padding: 0; counter-reset: step }
li { counter-increment: step; display: grid; grid-template-columns: 14mm 1fr; gap: 0 4mm;
     padding: 4.2mm 0; border-bottom: .2mm solid #D9D2C5; break-inside: avoid }
li::before { content: counter(step); grid-row: 1 / 3; font-size: 24pt; line-height: 1; font-weight: 700;
             color: #0F6B6E;
             border: .5mm solid #0F6B6E; border-radius: 50%; width: 12mm; height: 12mm; display: grid;
             place-items: center; box-sizing: border-box }
li strong { font-size: 14pt } footer { font-size: 10pt; color: #51606B }
</style></head><body>
<header><div><h1>$library</h1><p>Zo zet je de Maakhoek aan. Het duurt een kwartier.</p>
<p>Toestel <b>$kiosk</b> · regio <b>$region</b><br>Te gebruiken tot en met <b>$until</b></p></div>
<figure>$code<figcaption>Stick kwijt? Scan dit: het is het opstartbestand.
Bewaar de tekst als $file.</figcaption></figure>
</header><ol>$steps</ol>
<footer>Deze kaart is een sleutel voor één toestel: laat hem niet rondslingeren. Lukt het niet voor $until, of
is de kaart weg? Vraag de regio een nieuwe: de oude werkt dan niet meer.</footer>
</body></html>
""")


def page(setup: SetupFile, kiosk: str, region: str) -> str:
    """One page of HTML that needs nothing beside it; print it from any browser."""
    steps = "".join(f"<li><strong>{title}</strong><span>{words}</span></li>" for title, words in _STEPS)
    picture = segno.make(setup_file.text(setup), error="m", micro=False)
    return _PAGE.substitute(
        library=escape(setup.library),
        kiosk=escape(kiosk),
        region=escape(region),
        until=_day(setup.expires),
        file=setup_file.NAME,
        code=picture.svg_inline(scale=1, omitsize=True, dark="#1D2730"),
        steps=Template(steps).substitute(file=setup_file.NAME),
    )


def _day(moment: datetime) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
