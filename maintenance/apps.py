from django.apps import AppConfig


class MaintenanceConfig(AppConfig):
    name = "maintenance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Start to listen to tickets, and to what the status page shows."""
        from maintenance import receivers, refreshing  # noqa: F401, PLC0415

        refreshing.connect()
