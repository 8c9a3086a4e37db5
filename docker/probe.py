"""The health check of the web container."""

import sys
import urllib.error
import urllib.request

try:
    with urllib.request.urlopen("http://127.0.0.1:8000/healthz", timeout=4):
        pass
except (urllib.error.URLError, TimeoutError) as error:
    sys.exit(f"unhealthy: {error}")
