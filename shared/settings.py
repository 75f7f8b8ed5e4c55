"""Reading settings from the environment: the only way in, used by each service's ``settings.py``."""

import os
from collections.abc import Mapping
from pathlib import Path


class SettingError(Exception):
    """A setting is missing or has no meaning. The message names the variable and never its value."""


class Environment:
    """Settings by name, from the process environment unless another mapping is given.

    Every name is prefixed with ``TEAMAROUND_``.
    """

    def __init__(self, variables: Mapping[str, str] | None = None) -> None:
        self._variables = os.environ if variables is None else variables

    def text(self, name: str, default: str | None = None) -> str:
        value = self._variables.get(f"TEAMAROUND_{name}", "").strip()
        if value:
            return value
        if default is None:
            raise SettingError(f"TEAMAROUND_{name} is not set.")
        return default

    def number(self, name: str, default: float) -> float:
        try:
            return float(self.text(name, str(default)))
        except ValueError:
            raise SettingError(f"TEAMAROUND_{name} is not a number.") from None

    def whole_number(self, name: str, default: int) -> int:
        try:
            return int(self.text(name, str(default)))
        except ValueError:
            raise SettingError(f"TEAMAROUND_{name} is not a whole number.") from None

    def file(self, name: str) -> bytes:
        """The content of the file that the variable names: how secrets and keys come in."""
        path = Path(self.text(name))
        try:
            return path.read_bytes()
        except OSError:
            raise SettingError(f"The file that TEAMAROUND_{name} names cannot be read.") from None
