"""Intentions about prepaid hours: one function each, keyword-only, a transaction each.

Whoever draws or puts in locks the customer's account first, and before it the ticket, if there is one.
"""

from hours.services.accounts import change_account
from hours.services.errors import (
    AdjustsNothing,
    EditedMeanwhile,
    EstimateUsedUp,
    HoursRuleBroken,
    NeedsApproval,
    NotAllowed,
    NotEnoughHours,
    RefusedPack,
    RefusedTime,
    SentBefore,
    VoidedBefore,
)
from hours.services.expiry import expire_packs
from hours.services.packs import PackTerms, adjust_pack, change_pack, earlier_entry, sell_pack
from hours.services.time import log_time, void_time

__all__ = [
    "AdjustsNothing",
    "EditedMeanwhile",
    "EstimateUsedUp",
    "HoursRuleBroken",
    "NeedsApproval",
    "NotAllowed",
    "NotEnoughHours",
    "PackTerms",
    "RefusedPack",
    "RefusedTime",
    "SentBefore",
    "VoidedBefore",
    "adjust_pack",
    "change_account",
    "change_pack",
    "earlier_entry",
    "expire_packs",
    "log_time",
    "sell_pack",
    "void_time",
]
