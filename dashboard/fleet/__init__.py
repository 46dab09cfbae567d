"""A fleet of kiosks that are not there: real contract messages with faults, for demonstrations and for load."""
