"""Checks with remedies: of the installation, and of a wiki's page that shows the assistant."""
