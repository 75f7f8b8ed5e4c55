"""The databases that tests are handed: migrated, one per service, and nobody else's."""

from collections.abc import Callable

import pytest

from shared.migration import current_revision
from tests.conftest import Databases
from tests.support.postgres import SERVICES


@pytest.mark.parametrize("service", SERVICES)
def test_a_database_is_migrated_and_fresh(
    service: str, store_kind: str, make_databases: Callable[[], Databases]
) -> None:
    one, other = make_databases(), make_databases()
    assert one[service].startswith({"sqlite": "sqlite:///", "postgres": "postgresql+psycopg://"}[store_kind])
    assert one[service] == one[service]
    assert one[service] != other[service]
    assert current_revision(one[service]) == current_revision(other[service]) is not None


def test_there_is_one_for_each_data_service_and_none_for_the_gateway(databases: Databases) -> None:
    assert tuple(databases) == SERVICES
    with pytest.raises(KeyError):
        databases["gateway"]
