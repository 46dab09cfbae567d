"""The application: events in on Kivy's thread, the model changes, the view is drawn, effects are done."""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics.opengl import GL_RENDERER, glGetString

from catalogue.cards import CardError, read_collection
from firmware_bridge.contract import OpenPart, Part
from kiosk.adapters import chime
from kiosk.adapters.bridge import BridgeClient
from kiosk.adapters.compositor import Compositor
from kiosk.adapters.practice import Practice
from kiosk.adapters.setup import SetupWatch
from kiosk.adapters.systemd import Notifier
from kiosk.adapters.voice import Voice
from kiosk.adapters.wifi import Wifi
from kiosk.adapters.word_list import refused_words
from kiosk.adapters.worker import Worker
from kiosk.config import Config
from kiosk.domain.coming import coming
from kiosk.domain.effects import (
    Ask,
    Chime,
    Effect,
    EnterPractice,
    FetchToolpath,
    FindNetworks,
    Forget,
    Hush,
    JoinNetwork,
    LeavePractice,
    Make,
    Read,
    StartPractice,
    StopWorker,
    WarmWorker,
)
from kiosk.domain.events import Event
from kiosk.domain.idle import seconds_left
from kiosk.domain.intents import Touched
from kiosk.domain.model import Model
from kiosk.domain.news import BridgeUp, InfoCame, RoomChanged, Tick
from kiosk.domain.piece import Piece
from kiosk.domain.update import update
from kiosk.domain.world import World
from kiosk.locale import FROM_RIGHT, LANGUAGES, Translator
from kiosk.presenters import present, speech
from kiosk.ui import focus, large, theme
from kiosk.ui.inspect import InspectionServer, named_widgets
from kiosk.ui.making_ready import MakingReady
from kiosk.ui.root import Root
from kiosk.ui.screens.collection import COLUMNS, rows_for
from kiosk.ui.theme import Theme

log = logging.getLogger(__name__)

TICK_S = 1.0


class KioskApp(App):
    """`clock` and `uptime` can be replaced by a test that has no time to wait."""

    title = "Maakhoek"
    use_kivy_settings = False

    def __init__(
        self,
        config: Config,
        theme_: Theme,
        inspect: Path | None = None,
        clock: Callable[[], datetime] = datetime.now,
        uptime: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._config, self._theme = config, theme_
        self._clock, self._uptime = clock, uptime
        self._texts = {language: Translator(language) for language in LANGUAGES}
        self._bridge = self._bridge_at(Path(config.bridge))
        self._practice = Practice(config.practice, self.post)
        self._worker = Worker(config.worker, Path(config.session), self.post)
        self._setup = SetupWatch(Path(config.setup), self.post)
        self._wifi = Wifi(Path(config.setup), self.post)
        sounds = Path(config.voice.sounds) if config.voice.sounds else None
        self._voice = Voice(sounds, config.voice.player, self.post)
        self._inspect_path = inspect
        self._inspection: InspectionServer | None = None
        self._held_keys: set[int] = set()
        self._systemd, self._compositor = Notifier(), Compositor()
        self._running = self._is_staged = False
        self._making_ready = MakingReady(self._prepare)
        self.model = Model(world=self._first_world())

    def show_only(self, model: Model) -> None:
        """Before it runs: this made-up state, without a bridge, a worker or a clock."""
        self.model, self._is_staged = model, True
        self._clock, self._uptime = lambda: model.world.now, lambda: model.world.uptime_s
        if model.world.info:
            self._theme.wear(model.world.info.spool.colour)
        self._theme.dress(model.session.modes, model.session.language in FROM_RIGHT)
        self.model, _effects = update(self.model, self._room())

    # --- Kivy's own ----------------------------------------------------------------------------------

    def build(self) -> Root:
        Window.clearcolor = (*self._theme.rgb(theme.PAPER), 1)
        size = (self._config.screen.width_px, self._config.screen.height_px)
        self.surface = Root(self._theme, self.handle, size)
        self._draw()
        return self.surface

    def on_start(self) -> None:
        self._running = True
        self._making_ready.begin()
        Window.bind(on_touch_down=self._touched, on_key_down=self._key, on_key_up=self._key_up)
        Window.bind(on_request_close=self._asked_to_close)
        log.info("drawing with %s", glGetString(GL_RENDERER).decode())
        if not self._is_staged:
            self._worker.forget()
            self._bridge.start()
            if self._config.setup:
                self._setup.start()
        Clock.schedule_once(lambda _dt: self._systemd.say("READY=1"), 0)
        self._ticking = Clock.schedule_interval(lambda _dt: self.tick(), TICK_S)
        if self._inspect_path:
            self._inspection = InspectionServer(self._inspect_path, self.snapshot)

    def on_stop(self) -> None:
        self._running = False
        self._ticking.cancel()
        Window.unbind(on_touch_down=self._touched, on_key_down=self._key, on_key_up=self._key_up)
        Window.unbind(on_request_close=self._asked_to_close)
        if self._inspection:
            self._inspection.close()
        self._setup.close()
        self._wifi.close()
        self._bridge.close()
        self._practice.close()
        self._worker.close()
        self._voice.hush()
        self._compositor.close()

    def open_settings(self, *_largs: object) -> bool:
        """There is no way to Kivy's settings."""
        return False

    # --- the one loop --------------------------------------------------------------------------------

    def handle(self, event: Event) -> None:
        """On Kivy's thread: one event, its new model, its view, its effects."""
        self.model, effects = update(self.model, event)
        if isinstance(event, BridgeUp | InfoCame):
            self._worker.profile = event.info.profile
            if self._theme.wear(event.info.spool.colour):
                self._rebuild()
        self._dress()
        self._draw()
        for effect in effects:
            self._do(effect)

    def post(self, event: Event) -> None:
        """From any thread."""
        self._soon(lambda: self.handle(event))

    def _soon(self, do: Callable[[], None]) -> None:
        """On Kivy's thread, unless the program has ended by then."""

        def now(_dt: float) -> None:
            if self._running:
                do()

        Clock.schedule_once(now, 0)

    def _heard(self, speaker: BridgeClient, event: Event) -> None:
        """What a bridge says that the screen no longer speaks to is not heard."""
        if speaker is self._bridge:
            self.handle(event)

    def tick(self) -> None:
        """Time went on. Who looks after this program must know too when what shows its picture hangs."""
        if self._compositor.answers():
            self._systemd.say("WATCHDOG=1")
        self.handle(Tick(self._clock(), self._uptime()))
        if self.surface.view and self.surface.view.screen == "attract":
            self.make_ready()
        else:
            self._making_ready.stop()

    def make_ready(self) -> bool:
        """Nobody is there: one step towards what the next visitor will see. True: all is ready."""
        return self._making_ready.step()

    def _prepare(self) -> Iterator[None]:
        texts = self._texts[self.model.session.language]
        return self.surface.make_ready(present(model, texts) for model in coming(self.model))

    def snapshot(self) -> dict[str, Any]:
        """What is on the glass, for the inspection socket."""
        widgets = named_widgets(self.surface.topmost, self.surface.height)
        view = self.surface.view
        return {"screen": view.screen if view else "", "language": self.model.session.language, "widgets": widgets}

    def _dress(self) -> None:
        """In the modes and the language of this visitor; drawn anew where that changes sizes, colours or sides."""
        session = self.model.session
        if not self._theme.dress(session.modes, session.language in FROM_RIGHT):
            return
        Window.clearcolor = (*self._theme.rgb(theme.PAPER), 1)
        self.model, _effects = update(self.model, self._room())
        self._rebuild()

    def _rebuild(self) -> None:
        self.surface.rebuild()
        self._making_ready.stop()

    def _draw(self) -> None:
        self.surface.show(present(self.model, self._texts[self.model.session.language]))

    def _do(self, effect: Effect) -> None:
        if self._is_staged and not isinstance(effect, Read | Hush):
            return
        match effect:
            case Ask(request=request, piece=piece):
                self._bridge.ask(request, piece, self._worker.profile)
            case FetchToolpath(job=job):
                self._bridge.ask(OpenPart(job=job, part=Part.TOOLPATH))
            case WarmWorker():
                self._worker.warm()
            case Make():
                self._worker.make(effect)
            case StopWorker():
                self._worker.stop()
            case Forget():
                self._worker.forget()
            case FindNetworks():
                self._wifi.find(effect)
            case JoinNetwork():
                self._wifi.join(effect)
            case StartPractice(real=real):
                self._practice.start(real)
            case EnterPractice():
                self._speak_to(self._practice.socket)
            case LeavePractice():
                self._practice.end()
                self._speak_to(Path(self._config.bridge))
            case Read():
                self._read_aloud()
            case Chime():
                chime.ring(self._config.voice.player)
            case Hush():
                self._voice.hush()

    def _bridge_at(self, path: Path) -> BridgeClient:
        client: BridgeClient = BridgeClient(path, lambda event: self._soon(lambda: self._heard(client, event)))
        return client

    def _speak_to(self, path: Path) -> None:
        self._bridge.close()
        self._bridge = self._bridge_at(path)
        self._bridge.start()

    def _read_aloud(self) -> None:
        language = self.model.session.language
        choices = [target.label for target in self.surface.choices()]
        self._voice.say(speech.sentences(self.surface.texts(), choices, self._texts[language]), language)

    def _room(self) -> RoomChanged:
        """What fits on this glass in the modes that are worn."""
        screen = self._config.screen
        mm = self._theme.mm
        width = screen.width_px - 2 * self._theme.gap
        bars = 2
        height = screen.height_px - 2 * mm(3.5) - bars * (mm(theme.TARGET_MM) + self._theme.gap)
        cards = COLUMNS * rows_for(self._theme, width, height)
        if self._theme.is_large:
            few = self._theme.is_small or self._theme.is_low
            cards = large.FEW_CARDS if few else large.CARDS
        return RoomChanged(cards, not self._theme.is_small)

    def _first_world(self) -> World:
        room = self._room()
        return World(
            now=self._clock(),
            uptime_s=self._uptime(),
            pieces=_pieces(Path(self._config.collection)),
            cards_per_page=room.cards_per_page,
            is_roomy=room.is_roomy,
            has_low_reach=self._theme.has_low_reach,
            pictures=Path(self._config.collection) / "pictures",
            can_practise=bool(self._config.practice),
            refused_words=refused_words(self._config.refused_words),
        )

    def _touched(self, *_: object) -> bool:
        """The touch that stops the countdown does nothing else: it must not press what lies under the question."""
        counting = seconds_left(self.model) is not None
        self.surface.hide_focus()
        self.handle(Touched())
        return counting

    def _key(self, _window: object, code: int, _scancode: int, _text: str | None, modifiers: list[str]) -> bool:
        """Two keys lead everywhere; all others do nothing, and no key reaches Kivy. A held key counts once."""
        key = focus.meaning(code, modifiers)
        repeated = code in self._held_keys
        self._held_keys.add(code)
        if key is None or repeated:
            return True
        counting = seconds_left(self.model) is not None
        self.handle(Touched())
        if not counting:
            if key is focus.Key.CHOOSE:
                self.surface.hold()
            came_to = self.surface.press(key)
            if came_to and self.model.session.listens:
                self._voice.say((came_to.label,), self.model.session.language)
        return True

    def _key_up(self, _window: object, code: int, *_: object) -> bool:
        self._held_keys.discard(code)
        if focus.meaning(code, ()) is focus.Key.CHOOSE:
            self.surface.let_go()
        return True

    def _asked_to_close(self, *_: object, **_named: object) -> bool:
        """True: no. A window manager's close button is for the workbench; in a library the screen stays."""
        return self._config.screen.fullscreen


def _pieces(folder: Path) -> tuple[Piece, ...]:
    try:
        return tuple(Piece(entry, folder) for entry in read_collection(folder).entries)
    except CardError as error:
        log.error("no collection: %s", error)
        return ()
