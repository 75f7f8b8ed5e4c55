"""Fill a database of the application and serve it, as the suite is served."""

import json
import sys
from pathlib import Path
from typing import Any

import django
from django.conf import settings


def configure(given: dict[str, Any]) -> None:
    """Django with nothing that this view does not need. (The middleware says how long the answer is.)"""
    settings.configure(
        SECRET_KEY="unused",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="benchmarks.drf_case.views",
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "guardian",
            "rest_framework",
            "benchmarks.drf_case",
        ],
        AUTHENTICATION_BACKENDS=["guardian.backends.ObjectPermissionBackend"],
        ANONYMOUS_USER_NAME=None,
        MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
        TIME_ZONE="UTC",
        USE_I18N=False,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": given["database"],
                "CONN_MAX_AGE": None,
                "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL"},
            }
        },
        REST_FRAMEWORK={
            "DEFAULT_AUTHENTICATION_CLASSES": ["benchmarks.drf_case.authentication.BearerToken"],
            "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
            "DEFAULT_RENDERER_CLASSES": ["benchmarks.drf_case.renderers.OrjsonRenderer"],
        },
        ISSUER=given["issuer"],
        AUDIENCE=given["audience"],
        ISSUER_KEYS=given["keys"],
    )
    django.setup()


def main(file: Path) -> None:
    given = json.loads(file.read_text(encoding="utf-8"))
    configure(given)

    # What imports models can be imported only now.
    from django.core.asgi import get_asgi_application

    from benchmarks.drf_case.filling import fill
    from shared.service import serve

    fill(given["case"])
    serve(get_asgi_application(), "127.0.0.1", given["port"])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
