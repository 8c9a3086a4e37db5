"""Read-only questions over all of the desk: what a person or a company may take with it."""
