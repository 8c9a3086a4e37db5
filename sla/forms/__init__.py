"""Forms of the settings pages about promises: they ask, explain and keep what was typed; services decide."""
