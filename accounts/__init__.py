"""Tenants, people and the three walls between tenants.

A *tenant* is a support provider. A person has one identity (`User`, by email) and a `Membership` in
every desk that knows them: staff (owner, admin, supervisor, agent) or contact of a `Customer`
(customer admin, member).

The walls: the door (`accounts.door`) finds tenant and membership and every query starts at
`visible_to(membership)`; row security (`accounts.rowsecurity`) makes PostgreSQL itself refuse rows of
another tenant; `tests/test_tenancy.py` walks every URL, API action and task with foreign ids.
"""
