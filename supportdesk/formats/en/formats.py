"""How the house writes dates in English where no day of the year is left out."""

DATE_FORMAT = "D j M Y"
MONTH_DAY_FORMAT = "j F"
