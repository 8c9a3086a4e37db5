"""Which desks have mail to send: the one question that crosses tenants, answered by the database.

`tenants_with_mail` runs with its owner's rights and gives away ids of tenants, nothing else; the work
itself is then done inside each tenant's scope.
"""

from datetime import datetime

from django.db import connection


def tenants_with_waiting_mail(now: datetime) -> list[int]:
    """The ids of tenants whose outbox holds a message that is due."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM tenants_with_mail(%s) AS id", [now])
        return [row[0] for row in cursor.fetchall()]
