"""Names that nobody may read are not said, whatever was typed."""

import pytest

from maintenance.discretion import discreet

SAY = discreet(
    customers=["Bright Bakery", "Bright Bakery North", "ERP", "Acme", "S&P (Pty) Ltd.", " "],
    services=["Bakery till", "backups", "¡Hola!"],
    shown=["ERP", "Backups", "Acme"],
)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("We wait for Bright Bakery.", "We wait for a customer."),
        ("bright bakery, BRIGHT BAKERY", "a customer, a customer"),
        ("Bright Bakery North is back", "a customer is back"),
        ("The Bakery till is away", "The another service is away"),
        ("S&P (Pty) Ltd. called", "a customer called"),
        ("¡Hola! works", "another service works"),
        ("Bright Bakerys and a bakery", "Bright Bakerys and a bakery"),
        ("ERP, backups and Acme are public words", "ERP, backups and Acme are public words"),
        ("Bright\nnew", "Bright\nnew"),
        ("For Bright\nBakery  North and Bright  Bakery", "For a customer and a customer"),
        ("", ""),
    ],
)
def test_names_become_general_words(typed: str, said: str) -> None:
    assert SAY(typed) == said


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ((), "a customer, a customer, another service"),
        (("bright bakery",), "Bright Bakery, a customer, another service"),
        (("bright bakery north", "bakery till"), "a customer, Bright Bakery North, Bakery till"),
    ],
)
def test_readers_know_their_own_names(known: tuple[str, ...], said: str) -> None:
    assert SAY("Bright Bakery, Bright Bakery North, Bakery till", known) == said


def test_nothing_to_hide_hides_nothing() -> None:
    say = discreet(customers=[], services=[], shown=["ERP"])
    assert say("Bright Bakery and ERP") == "Bright Bakery and ERP"


def test_names_across_lines_are_found_word_by_word() -> None:
    assert SAY("for Bright Bakery\nand Bright Bakery North") == "for a customer\nand a customer"
