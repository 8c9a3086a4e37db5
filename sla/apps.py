from django.apps import AppConfig


class SlaConfig(AppConfig):
    name = "sla"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Start to listen to tickets."""
        from sla import receivers  # noqa: F401, PLC0415
