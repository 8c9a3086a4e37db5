"""What goes into a download, subject by subject."""
