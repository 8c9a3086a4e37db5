"""Pages about what was told to whom: the bell of a person, the outbox of the desk."""
