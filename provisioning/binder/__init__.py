"""The hand-over binder, printed: docs/binder as PDF."""
