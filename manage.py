#!/usr/bin/env python
"""Django's command line. A wrong setting is told in one line, without a traceback."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportdesk.settings")
    try:
        settings.INSTALLED_APPS  # noqa: B018  reads the settings now, so that a mistake in them shows here
    except ImproperlyConfigured as mistake:
        sys.exit(f"supportdesk: {mistake}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
