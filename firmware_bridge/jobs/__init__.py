"""Jobs: their life, their files, their progress."""
