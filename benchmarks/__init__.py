"""Speed beside the peers, in one run, on one machine, with one file. Never part of the tests."""
