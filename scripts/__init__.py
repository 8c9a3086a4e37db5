"""Commands of those who build the desk; `make help` lists them."""
