"""Spanish as Mexico writes it."""
