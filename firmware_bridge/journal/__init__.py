"""What must survive: the database, and the one thread that writes it."""
