"""Where a finger has to press: a read-only UNIX socket for test automation (`--inspect SOCKET`).

Every line that comes in (its text does not matter) is answered by one line of JSON:

    {"screen": "model", "language": "nl", "widgets": [
        {"name": "print", "text": "Print dit", "x": 1010, "y": 690, "width": 246, "height": 88, "enabled": true,
         "settled": true},
        ...]}

in window pixels, origin at the top left. `settled` false: a model that still moves, or is not sharp yet.

`screen` is attract, collection, model, make, plate, watch, cooling, ready or trouble. While a sheet (language,
help, problem, a notice, "are you still there?") lies over the screen, only its own widgets are told of, because
only they can be pressed.

Names of what can be pressed:

    attract      wake
    setup        setup-models, setup-wifi
    wifi         network:<n>, wifi-again, previous-page, next-page; with the password reveal (show-password in
                 low reach), wifi-join and the keys of make; after it wifi-done, wifi-retype, wifi-other
    frame        home, language, ear, access, help, back, watch (the strip that leads to the running print)
    collection   card:<id>, search, look-for:all, previous-page, next-page
    search       look-for:<theme, time or level>, look-for:all, previous-page, next-page
    model        print, make-yours, zoom-in, zoom-out, model-view (turn it), look:turn, look:size, look:layers,
                 fewer-layers, more-layers
    make         key:<letter>, key:space, key:backspace, key:shift, key:letters, key:accents, key:digits,
                 key:done (small screens), text (the field; opens the keyboard), make, stop-making, back
                 option:<parameter>:<option>, other-choice (small screens)
    plate        plate-empty, back, give-up (whose turn it is), remedy (what hinders)
    watch        problem, resume (while paused), queue (while others wait)
    check        sticks, does-not-stick, check-later
    problem      not-sticking, danger, other, pause, stop, back
    queue        previous-page, next-page, watch-print, back
    pin          pin:<digit>, pin:erase, enter-pin, back
    staff        (after home was held for three seconds, on attract the library's name, and a PIN) staff:<page>,
                 staff:clean, plate-clear, back; heat:pla, heat:bed, fan-off, cool; home-axes,
                 jog:<x|y|z>:<plus|minus>, step:<mm>; filament:load, filament:unload; spool:material, spool:colour,
                 spool:name, spool:set, material:<name>, colour:<#RRGGBB>; order:<reason>, order:back; call:take,
                 call:clear; fault:clear, protection:confirm
    staff-queue  job:<id>, first, remove, cancel, approve, refuse, previous-page, next-page, back
    staff-name   key:<letter>, key:done
    staff-log    older, newer, log:again, back
    staff-clean  nothing, for half a minute
    ready        collect, queue
    feedback     rate:<1 to 3>, reason:<reason>, skip
    trouble      collect, call, clear-printer, look-around
    sheets       language:<code>, mode:<large|light|night|still|low>, more, close, call, clear-printer, still-here,
                 give-up-sure, ear (for who has listened)

Names of what only says something: title, description, promise, fact-<n>, why, hint, step, explanation, warning,
printer, state, ready-at, time-left, layer, sentence, nozzle, bed, step-<n>, happened, you, who, sheet-title,
line-<n>.
"""

import contextlib
import json
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from kivy.clock import Clock
from kivy.uix.widget import Widget

from kiosk.ui.widgets.button import Touchable
from kiosk.ui.widgets.stage import Stage
from kiosk.ui.widgets.text import Text

log = logging.getLogger(__name__)

Snapshot = dict[str, Any]
_ANSWER_S = 10.0


def named_widgets(root: Widget, window_height: float) -> list[dict[str, Any]]:
    """Everything below `root` that has a name and can be seen."""
    return [
        {
            "name": widget.name,
            "text": widget.label if isinstance(widget, Touchable) else getattr(widget, "text", ""),
            "x": widget.x,
            "y": window_height - widget.top,
            "width": widget.width,
            "height": widget.height,
            "enabled": not widget.disabled,
            "settled": not isinstance(widget, Stage) or widget.is_settled,
        }
        for widget in _visible(root)
        if widget.name and isinstance(widget, Touchable | Text | Stage)
    ]


def _visible(widget: Widget) -> Iterator[Widget]:
    if widget.opacity <= 0:
        return
    if isinstance(widget, Touchable | Text | Stage):
        yield widget
    for child in reversed(widget.children):
        yield from _visible(child)


class InspectionServer:
    """Asks `snapshot` on Kivy's thread for each request."""

    def __init__(self, path: Path, snapshot: Callable[[], Snapshot]) -> None:
        self._path, self._snapshot = path, snapshot
        path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(path))
        self._listener.listen(4)
        threading.Thread(target=self._serve, name="inspect", daemon=True).start()

    def close(self) -> None:
        """No more requests."""
        self._listener.close()
        self._path.unlink(missing_ok=True)

    def _serve(self) -> None:
        while True:
            try:
                peer, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(peer,), name="inspect", daemon=True).start()

    def _answer(self, peer: socket.socket) -> None:
        with peer, contextlib.suppress(OSError), peer.makefile("rb") as lines:
            for _line in lines:
                answer: Future[Snapshot] = Future()
                Clock.schedule_once(lambda _dt, a=answer: _fill(a, self._snapshot), 0)
                peer.sendall(json.dumps(answer.result(_ANSWER_S)).encode() + b"\n")


def _fill(answer: Future[Snapshot], snapshot: Callable[[], Snapshot]) -> None:
    try:
        answer.set_result(snapshot())
    except Exception as error:
        log.exception("the screen could not be told of")
        answer.set_exception(error)
