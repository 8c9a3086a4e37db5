from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tickets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Start to listen to how customers stand."""
        from tickets import receivers  # noqa: F401, PLC0415
