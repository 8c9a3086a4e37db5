"""What a browser says of itself, in two words that its owner recognises."""

LONGEST = 80
# The first that is found counts: nearly all claim to be Safari, and Edge and Opera to be Chrome.
_PROGRAMS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


def browser_words(user_agent: str) -> str:
    """“Firefox, Windows”; the first word of it for other programs; empty for nothing."""
    program = next((name for mark, name in _PROGRAMS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    words = ", ".join(word for word in (program, system) if word)
    return (words or user_agent.partition(" ")[0])[:LONGEST]
