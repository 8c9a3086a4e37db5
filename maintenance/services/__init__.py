"""Intentions of maintenance: one function each, keyword-only, in one transaction."""
