"""Formats that differ from Django's own, a package a language; named by FORMAT_MODULE_PATH."""
