"""The appliance, booted: a Debian 13 root with the fresh package, real systemd, a simulated printer."""
