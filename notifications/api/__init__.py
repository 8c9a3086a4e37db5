"""The API of what leaves a desk."""
