"""From a mesh to G-code that may be printed: presets, PrusaSlicer, what its file says."""
