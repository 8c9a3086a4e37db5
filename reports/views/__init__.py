"""Pages of downloads of own data."""
