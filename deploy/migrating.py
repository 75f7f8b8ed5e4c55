"""Every database of the suite in one process brought to its newest schema: ``python -m deploy.migrating``.

``deploy.run`` starts this in a process of its own before it imports the suite. On a machine with two cores
the databases are ready by then, and nobody has waited for them.
"""

from deploy.settings import EmbeddedSettings, embedded_settings
from shared.migration import migrate


def migrate_all(settings: EmbeddedSettings) -> None:
    """Migrate the databases of the services and of the pages; makes the folder that they are in."""
    settings.folder.mkdir(parents=True, exist_ok=True)
    for service, url in settings.database_urls.items():
        migrate(url, f"services.{service}")
    migrate(settings.pages_database_url, "clients.practitioner")


if __name__ == "__main__":
    migrate_all(embedded_settings())
