"""Why there is no G-code. Each message names the thing and the remedy; none repeats what a visitor typed."""


class SlicingError(Exception):
    """The slicer ran and gave nothing that may be printed."""


class SlicerMissingError(SlicingError):
    """PrusaSlicer, or the bundle of presets that it ships, is not installed."""


class DoesNotFitError(SlicingError):
    """The object is larger than the bed, or its G-code leaves it."""
