"""What Django does with the dashboard when it starts."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class Dashboard(AppConfig):
    """Roles follow the database; signing in and out is written down."""

    name = "dashboard"

    def ready(self) -> None:
        """Models may be imported only now."""
        from dashboard import audit, rights

        post_migrate.connect(rights.install, sender=self)
        audit.listen()
