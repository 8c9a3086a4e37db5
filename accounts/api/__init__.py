"""The API of people, customers and tokens, and what the APIs of all rooms share.

One caller is one membership, by a personal token or by the browser's session. Views put requests into the
same service functions and `visible_to` querysets as the pages do; every refusal is a problem document
(RFC 9457, see `problems`). Lists are read page by page behind a cursor (see `pagination`).
"""
