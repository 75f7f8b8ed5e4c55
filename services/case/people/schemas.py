"""What the gateway sends along with what is recorded of people."""

from shared.records.people import DetailCorrection, RelationshipFields


class RelationshipToRecord(RelationshipFields):
    """``works_for``: the agencies in which whoever records it has a role, besides the one they act for."""

    works_for: tuple[str, ...] = ()

    @property
    def fields(self) -> RelationshipFields:
        return RelationshipFields.model_validate(self.model_dump(exclude={"works_for"}))


class DetailToCorrect(DetailCorrection):
    """``works_for``: as of a relationship that is recorded."""

    works_for: tuple[str, ...] = ()
