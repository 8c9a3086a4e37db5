"""The knowledge base: articles in sections, by language and audience; how they are found; if they helped."""
