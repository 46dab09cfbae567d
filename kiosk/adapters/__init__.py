"""What runs beside the screen: the bridge, the slicing worker, files."""
