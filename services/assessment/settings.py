"""Settings of the assessment service, from the environment."""

from shared.service import DataServiceSettings, data_service_settings
from shared.settings import Environment

PORT = 8102


def from_environment() -> DataServiceSettings:
    return data_service_settings(Environment(), PORT)
