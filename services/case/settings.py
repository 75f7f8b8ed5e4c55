"""What this service must be told."""

from shared.service import DataServiceSettings, data_service_settings
from shared.settings import Environment

PORT = 8101


def from_environment() -> DataServiceSettings:
    return data_service_settings(Environment(), PORT)
