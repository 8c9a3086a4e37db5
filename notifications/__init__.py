"""What is to be told to whom: in-app notifications and the outbox.

Nothing is sent from inside a change. The change writes a row here in its own transaction; a sweep that
runs every few seconds delivers what has been committed. A message that was claimed by a worker which
then died is found by the next sweep, because the claim is a row lock that dies with its connection.
"""
