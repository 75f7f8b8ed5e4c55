"""Questions about decisions: why, who can see, and what if. Nothing of them is stored but the receipt."""

from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, WrapValidator, model_validator

from shared.problems import WrongField
from shared.records.base import AgencyCode, Id, Moment, Record, UserId, Version
from shared.records.consents import Agencies, Categories
from shared.records.kinds import located_plainly
from shared.vocabulary import Purpose, Relationship, Role

AnyId = Annotated[str, Field(max_length=2_000)]
"""An id that is looked up: one of another form meets the same 404 as one that is absent."""

Users = Annotated[tuple[UserId, ...], Field(max_length=100)]
Purposes = Annotated[tuple[Purpose, ...], Field(min_length=1, max_length=len(Purpose))]


class AboutWhom(Record):
    """Whom an information officer asks about: a user, or anybody of a role, of an agency."""

    user: UserId | None = None
    agency: AgencyCode | None = None
    role: Role | None = None
    relationship: Relationship | None = None
    purpose: Purpose | None = None


class ExplanationRequest(Record):
    """A case, or one entry of it; or a receipt, to have explained what was decided then."""

    case: AnyId | None = None
    entry: AnyId | None = None
    about: AboutWhom | None = None
    receipt: AnyId | None = None

    @model_validator(mode="after")
    def _names_one_thing(self) -> Self:
        if (self.case is None) == (self.receipt is None):
            raise WrongField("case", "Name either a case or a receipt.")
        if self.receipt is not None and (self.entry is not None or self.about is not None):
            raise WrongField("receipt", "A receipt says by itself who asked about what; send it alone.")
        return self


class PermissionAdded(Record):
    """If whoever may answer for the person said yes to this."""

    kind: Literal["add_permission"]
    subject: Id
    agencies: Annotated[Agencies, Field(min_length=1)]
    categories: Categories
    level: Literal["existence", "summary", "full"] = "full"
    purposes: Purposes = (Purpose.SUPPORT,)


class PermissionEnded(Record):
    """If a permission were taken back."""

    kind: Literal["end_permission"]
    id: Id


class ExclusionAdded(Record):
    """If the family asked that these are not told."""

    kind: Literal["add_exclusion"]
    subject: Id
    agencies: Agencies = ()
    users: Users = ()
    categories: Categories
    purposes: Purposes | None = None

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if not self.agencies and not self.users:
            raise WrongField("agencies", "Name at least one agency or user.")
        return self


class ExclusionLifted(Record):
    """If an exclusion were lifted."""

    kind: Literal["lift_exclusion"]
    id: Id


class RoleChanged(Record):
    """If somebody on the roster acted in another role."""

    kind: Literal["change_role"]
    user: UserId
    agency: AgencyCode
    role: Role


class ClockMoved(Record):
    """At a later moment, if nothing else happened until then."""

    kind: Literal["move_clock"]
    to: Moment


class PolicyChanged(Record):
    """Under another published version of the policy."""

    kind: Literal["policy"]
    version: Version


class DraftTried(Record):
    """Under a draft of the policy as it now stands; for information officers."""

    kind: Literal["policy_draft"]
    draft: Id


def _kind_of(body: Any) -> Any:
    return body.get("kind") if isinstance(body, dict) else getattr(body, "kind", None)


Change = Annotated[
    Annotated[PermissionAdded, Tag("add_permission")]
    | Annotated[PermissionEnded, Tag("end_permission")]
    | Annotated[ExclusionAdded, Tag("add_exclusion")]
    | Annotated[ExclusionLifted, Tag("lift_exclusion")]
    | Annotated[RoleChanged, Tag("change_role")]
    | Annotated[ClockMoved, Tag("move_clock")]
    | Annotated[PolicyChanged, Tag("policy")]
    | Annotated[DraftTried, Tag("policy_draft")],
    Discriminator(_kind_of),
    WrapValidator(located_plainly),
]


Said = Annotated[
    Annotated[PermissionAdded, Tag("add_permission")] | Annotated[ExclusionAdded, Tag("add_exclusion")],
    Discriminator(_kind_of),
    WrapValidator(located_plainly),
]
"""What a family says in a conversation that is not recorded yet."""

MemberRole = Literal[Role.PRACTITIONER, Role.SAFEGUARDING_LEAD, Role.VOLUNTEER]
"""In which roles somebody is a member of a team."""


class SeenIfSaid(Record):
    """What somebody of another agency would see if this were recorded. Nothing is changed by it."""

    role: MemberRole = Role.PRACTITIONER
    changes: Annotated[tuple[Said, ...], Field(min_length=1, max_length=20)]


class WhatIf(Record):
    """What a case would look like to everybody if these things were otherwise. Nothing is changed by it."""

    case: AnyId
    changes: Annotated[tuple[Change, ...], Field(min_length=1, max_length=20)]
