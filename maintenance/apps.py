from django.apps import AppConfig


class MaintenanceConfig(AppConfig):
    name = "maintenance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Start to listen to tickets."""
        from maintenance import receivers  # noqa: F401, PLC0415
