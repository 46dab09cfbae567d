"""The subcommands of `python -m firmware_bridge`."""
