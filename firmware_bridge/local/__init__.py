"""The kiosk's door: JSON-RPC over a UNIX socket."""
