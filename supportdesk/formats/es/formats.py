"""Mexico writes 1,234.5 where Django's Spanish, which is Spain's, writes 1.234,5."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
