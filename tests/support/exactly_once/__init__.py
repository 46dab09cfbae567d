"""Models of firmwares and of a bad wire on virtual time, which share no code with the bridge."""
