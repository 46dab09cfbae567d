"""The whole appliance and its region on one machine, for a demonstration or for development."""
