"""The region: recorder and pages."""
