"""The instruments that come with the service, read from ``data/`` when it starts."""

from collections.abc import Iterable
from importlib.resources import files

from services.assessment.instruments.instrument import Instrument


class Library:
    """Instruments by code and version."""

    def __init__(self, instruments: Iterable[Instrument]) -> None:
        self._instruments: dict[tuple[str, str], Instrument] = {}
        for instrument in instruments:
            if (instrument.code, instrument.version) in self._instruments:
                raise ValueError(f"two instruments {instrument.code} {instrument.version}")
            self._instruments[instrument.code, instrument.version] = instrument

    def find(self, code: str, version: str) -> Instrument | None:
        return self._instruments.get((code, version))

    def get(self, code: str, version: str) -> Instrument:
        """The instrument of a stored assessment, which must still be there."""
        return self._instruments[code, version]

    def all(self) -> list[Instrument]:
        return list(self._instruments.values())


def load_library() -> Library:
    """Every instrument in ``data/``; one that does not hold together stops the service from starting."""
    documents = files("services.assessment.instruments") / "data"
    found = sorted(
        (item for item in documents.iterdir() if item.name.endswith(".json")), key=lambda f: f.name
    )
    return Library(Instrument.model_validate_json(item.read_bytes()) for item in found)
