from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Desks and people")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Start to listen: to changes of settings, and to what allauth tells.

        Load which problem answers which refused rule, of every room: views of the API name them by code.
        """
        from accounts import audit, receivers  # noqa: F401, PLC0415 - only once models are ready

        audit.connect()
        autodiscover_modules("api.refusals", "api.problems")
