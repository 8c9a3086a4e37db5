"""A desk's own host name: asked for, looked up, confirmed, given up.

A name is active (`Tenant.host`) only once its records point here and carry the desk's proof, so that nobody
gets a name by being first to type it. The reasoning stands in docs/decisions/0011.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from accounts import hostnames
from accounts.audit import record_change
from accounts.hostnames import NoAnswer, NoSuchName
from accounts.models import HostClaim, HostFinding, Membership, Tenant
from accounts.models.hosts import new_proof
from accounts.services.errors import HostRefused, NotAllowed

DAILY = timedelta(days=1)
SOON = timedelta(minutes=10)
EAGER = timedelta(days=3)
"""For so long after somebody asked for it, a name that is not confirmed yet is looked up often."""


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
        claim.host, claim.proof = host, new_proof()
        claim.finding, claim.found, claim.checked_at = HostFinding.UNKNOWN, [], None
    return _asked(claim, by, at)


@transaction.atomic
def give_up_host(*, tenant: Tenant, by: Membership, at: datetime) -> None:
    """Want the name no longer: one that is not active yet while the one before goes on answering, else that.

    Others may have it then. Raises NotAllowed.
    """
    tenant = _locked(tenant, by)
    claim = HostClaim.objects.filter(tenant=tenant).first()
    is_wanted_alone = claim is not None and claim.host != tenant.host
    if claim is not None:
        claim.delete()
    if tenant.host is not None and not is_wanted_alone:
        tenant.host = None
        tenant.save(update_fields=["host"])


@transaction.atomic
def check_host_again(*, tenant: Tenant, by: Membership, at: datetime) -> HostClaim | None:
    """Have the name's records looked at now; None if the desk has asked for no name. Raises NotAllowed."""
    _locked(tenant, by)
    claim = HostClaim.objects.filter(tenant=tenant).first()
    return claim if claim is None or claim.is_being_checked else _asked(claim, by, at)


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
        if finding == HostFinding.HERE and tenant.host != claim.host and not _made_active(tenant, claim, at):
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


def _made_active(tenant: Tenant, claim: HostClaim, at: datetime) -> bool:
    """Let the desk answer there, in the name of whoever asked for it; False: another desk does."""
    before, tenant.host = tenant.host, claim.host
    try:
        with transaction.atomic():
            tenant.save(update_fields=["host"])
    except IntegrityError:
        return False
    record_change(tenant, field="host", before=before, after=claim.host, by=claim.asked_by, at=at)
    return True


def _asked(claim: HostClaim, by: Membership, at: datetime) -> HostClaim:
    claim.asked_by, claim.asked_at, claim.next_check_at = by, at, at
    claim.save()
    _look_soon(claim.tenant_id)
    return claim


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
