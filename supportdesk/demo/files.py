"""Small attachments, as people send them."""

from datetime import datetime, timedelta
from random import Random


def file_text(name: str, rng: Random, filed_local: datetime) -> str:
    """The content of the file of that name. Raises KeyError for a name that nobody attaches."""
    return {"stock-ledger.csv": _ledger, "trace.txt": _trace, "webhook.log": _webhooks}[name](
        rng, filed_local
    )


def _ledger(rng: Random, filed: datetime) -> str:
    rows, balance = ["date,voucher,in,out,balance"], rng.randrange(300, 900)
    for back in range(12, 0, -1):
        moved_in, moved_out = rng.choice((0, 0, 60, 120)), rng.randrange(5, 60)
        balance += moved_in - moved_out
        day = (filed - timedelta(days=back)).date()
        rows.append(f"{day},DN-{rng.randrange(1040, 9890)},{moved_in},{moved_out},{balance}")
    return "\n".join([*rows, rows[-1]]) + "\n"


def _trace(rng: Random, filed: datetime) -> str:
    hops = ["192.0.2.1", "198.51.100.9", "198.51.100.77", "203.0.113.20"]
    lines = [f"traceroute, {filed:%Y-%m-%d %H:%M}"]
    lines += [f"{number:2}  {hop}  {rng.uniform(1, 40):.1f} ms" for number, hop in enumerate(hops, start=1)]
    return "\n".join([*lines, " 5  * * *", " 6  * * *"]) + "\n"


def _webhooks(rng: Random, filed: datetime) -> str:
    start = filed - timedelta(hours=20)
    times = (start + timedelta(minutes=41 * number) for number in range(14))
    return "".join(
        f"{at:%Y-%m-%dT%H:%M:%S} POST /api/orders order={rng.randrange(40000, 90000)} 401\n" for at in times
    )
