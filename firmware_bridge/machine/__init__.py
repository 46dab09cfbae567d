"""One printer: the pure host that talks to it, and the thread that owns its port."""
