"""What this service must be told."""

from pathlib import Path

from pydantic import ValidationError

from services.case.casework_rules import CaseworkRules
from shared.service import DataServiceSettings, data_service_settings
from shared.settings import Environment, SettingError

PORT = 8101


def from_environment() -> tuple[DataServiceSettings, CaseworkRules]:
    environment = Environment()
    return data_service_settings(environment, PORT), _rules(environment)


def _rules(environment: Environment) -> CaseworkRules:
    """The partnership's rules from a JSON file that names what differs from the usual ones."""
    if not environment.text("CASEWORK_RULES_FILE", ""):
        return CaseworkRules()
    try:
        return CaseworkRules.model_validate_json(Path(environment.text("CASEWORK_RULES_FILE")).read_bytes())
    except (OSError, ValidationError) as error:
        what = error.errors()[0]["loc"] if isinstance(error, ValidationError) else "it cannot be read"
        raise SettingError(f"The file that TEAMAROUND_CASEWORK_RULES_FILE names is wrong: {what}.") from None
