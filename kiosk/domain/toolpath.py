"""How far along its toolpath a print is."""

from catalogue.packs import ToolpathPack
from firmware_bridge.contract import Progress


def segments_done(pack: ToolpathPack, progress: Progress | None) -> int:
    """How many segments lie on the plate: exact to the layer, by the share of lines inside a layer."""
    if progress is None or progress.layer < 1:
        return 0
    layers = len(pack.layer_start) - 1
    layer = min(progress.layer, layers)
    share = progress.line / progress.lines if progress.lines else 0.0
    guess = round(share * len(pack.segments))
    return int(min(max(guess, pack.layer_start[layer - 1]), pack.layer_start[layer]))
