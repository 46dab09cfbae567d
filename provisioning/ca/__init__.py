"""The region's certificate authority: a root kept offline, an intermediate on the server, short lives."""
