"""A desk's own host name: asked for, looked up, confirmed, given up.

A name is active (`Tenant.host`) only once its records point here and carry the desk's proof, so that nobody
gets a name by being first to type it. The reasoning stands in docs/decisions/0011.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from accounts import hostnames
from accounts.hostnames import NoAnswer, NoSuchName
from accounts.models import HostClaim, HostFinding, Membership, Tenant
from accounts.models.hosts import new_proof
from accounts.services.errors import HostRefused, NotAllowed

DAILY = timedelta(days=1)
SOON = timedelta(minutes=10)
EAGER = timedelta(days=3)
"""For so long after it was asked for, a name that is not confirmed yet is looked up often."""


@transaction.atomic
def ask_for_host(*, tenant: Tenant, host: str, by: Membership, at: datetime) -> HostClaim:
    """Ask for a name; it is looked up at once and then again, and active once it is confirmed.

    The name of before goes on answering until then. Asking for the same again keeps its proof. Raises
    NotAllowed, HostRefused.
    """
    tenant = _locked(tenant, by)
    host = host.strip().lower().removesuffix(".")
    _check_name(host, tenant)
    claim = HostClaim.objects.filter(tenant=tenant).first() or HostClaim(tenant=tenant)
    if claim.host != host:
        claim.host, claim.proof, claim.asked_by, claim.asked_at = host, new_proof(), by, at
        claim.finding, claim.found, claim.checked_at = HostFinding.UNKNOWN, [], None
    claim.next_check_at = at
    claim.save()
    _look_soon(tenant.pk)
    return claim


@transaction.atomic
def give_up_host(*, tenant: Tenant, by: Membership, at: datetime) -> None:
    """The desk answers at the installation's address alone; others may have the name. Raises NotAllowed."""
    tenant = _locked(tenant, by)
    for claim in HostClaim.objects.filter(tenant=tenant):
        claim.delete()
    if tenant.host is not None:
        tenant.host = None
        tenant.save(update_fields=["host"])


@transaction.atomic
def check_host_again(*, tenant: Tenant, by: Membership, at: datetime) -> HostClaim | None:
    """Have the name's records looked at now; None if the desk has asked for no name. Raises NotAllowed."""
    _locked(tenant, by)
    claim = HostClaim.objects.filter(tenant=tenant).select_for_update().first()
    if claim is not None and not claim.is_being_checked:
        claim.next_check_at = claim.checked_at or at
        claim.save(update_fields=["next_check_at"])
        _look_soon(tenant.pk)
    return claim


def look_at_host(*, tenant_id: int, at: datetime) -> HostFinding | None:
    """Look the name up if that is due, write down what was found, and make the name active if it may be.

    Of many workers one does it; the name servers are asked outside any transaction. Runs in the desk's
    scope; None: nothing was due.
    """
    claim = _taken(tenant_id, at)
    if claim is None:
        return None
    finding, found = _finding(claim)
    with transaction.atomic():
        tenant = Tenant.objects.select_for_update().get(pk=tenant_id)
        now = HostClaim.objects.filter(pk=claim.pk, host=claim.host).first()
        if now is None:
            return None  # another name was asked for meanwhile
        if finding == HostFinding.HERE and tenant.host != claim.host and not _made_active(tenant, claim.host):
            finding, found = HostFinding.TAKEN, []
        now.finding, now.found, now.checked_at = finding, found, at
        now.save(update_fields=["finding", "found", "checked_at"])
    return finding


def keep_claim(tenant: Tenant, at: datetime) -> HostClaim | None:
    """The desk's claim. A name that an operator gave is written down as one, so that it is watched too."""
    claim = HostClaim.objects.filter(tenant=tenant).first()
    if claim is None and tenant.host is not None:
        claim, _made = HostClaim.objects.get_or_create(
            tenant=tenant, defaults={"host": tenant.host, "asked_at": at, "next_check_at": at}
        )
    return claim


def _taken(tenant_id: int, at: datetime) -> HostClaim | None:
    """The claim, if it is due and no other worker was faster; its next look is set."""
    claim = HostClaim.objects.filter(tenant_id=tenant_id, next_check_at__lte=at).first()
    if claim is None:
        return None
    is_active = Tenant.objects.filter(pk=tenant_id, host=claim.host).exists()
    again = DAILY if is_active or at - claim.asked_at > EAGER else SOON
    mine = HostClaim.objects.filter(pk=claim.pk, next_check_at=claim.next_check_at)
    return claim if mine.update(next_check_at=at + again) else None


def _finding(claim: HostClaim) -> tuple[HostFinding, list[str]]:
    """What the records say; of a name that is active already no proof is asked any more."""
    try:
        where = hostnames.look_up(claim.host)
        if not hostnames.points_here(where, hostnames.own_names(), hostnames.own_addresses()):
            return HostFinding.ELSEWHERE, where.shown
        is_active = Tenant.objects.filter(pk=claim.tenant_id, host=claim.host).exists()
        proved = is_active or hostnames.has_proof(claim.host, claim.proof)
        return HostFinding.HERE if proved else HostFinding.UNPROVED, where.shown
    except NoSuchName:
        return HostFinding.NO_NAME, []
    except NoAnswer:
        return HostFinding.NO_ANSWER, []


def _made_active(tenant: Tenant, host: str) -> bool:
    try:
        with transaction.atomic():
            tenant.host = host
            tenant.save(update_fields=["host"])
    except IntegrityError:
        return False
    return True


def _check_name(host: str, tenant: Tenant) -> None:
    if not hostnames.is_host_name(host):
        raise HostRefused("shape")
    if hostnames.is_site_host(host) or host in hostnames.own_names():
        raise HostRefused("site")
    # Said of names that answer already, which anybody can see; never of those that others merely ask for.
    if Tenant.objects.filter(host=host).exclude(pk=tenant.pk).exists():
        raise HostRefused("taken")


def _locked(tenant: Tenant, by: Membership) -> Tenant:
    if not by.is_admin or by.tenant_id != tenant.pk:
        raise NotAllowed
    return Tenant.objects.select_for_update().get(pk=tenant.pk)


def _look_soon(tenant_id: int) -> None:
    """Without waiting for the sweep; if the broker is away, the sweep finds it."""
    from accounts.tasks import look_at_host_of  # noqa: PLC0415 - tasks stand on services

    transaction.on_commit(lambda: look_at_host_of.delay(tenant_id), robust=True)
