"""The API of tickets: the pages' intentions, one address each, through the same services."""
