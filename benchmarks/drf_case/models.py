"""What the application keeps, and who may see it: a permission of the agency's group on each entry.

Permissions point to entries and cases by foreign keys of their own, as guardian's guide advises where speed
matters: its general ones point by the kind of the object and its id as text.
"""

from django.contrib.auth.models import Group, User
from django.db.models import (
    CASCADE,
    CharField,
    DateField,
    DateTimeField,
    ForeignKey,
    IntegerField,
    JSONField,
    Model,
    OneToOneField,
)
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from shared.vocabulary import Deed


def _id() -> CharField:
    return CharField(max_length=36, primary_key=True)


class Agency(Model):
    code = CharField(max_length=64, primary_key=True)
    group = OneToOneField(Group, on_delete=CASCADE)
    name = CharField(max_length=300)
    telephone = CharField(max_length=60, null=True)


class Case(Model):
    id = _id()
    person = CharField(max_length=36)
    state = CharField(max_length=16)
    opened_at = DateTimeField()
    closed_at = DateTimeField(null=True)
    review_on = DateField(null=True)
    lead = ForeignKey("Membership", null=True, on_delete=CASCADE, related_name="+")
    lead_since = DateTimeField(null=True)
    deputy = ForeignKey("Membership", null=True, on_delete=CASCADE, related_name="+")

    class Meta:
        default_permissions = ("view",)
        permissions = tuple((deed.value, deed.value) for deed in Deed)


class Membership(Model):
    id = _id()
    case = ForeignKey(Case, on_delete=CASCADE, related_name="team")
    user = ForeignKey(User, on_delete=CASCADE, to_field="username")
    name = CharField(max_length=300)
    agency = ForeignKey(Agency, on_delete=CASCADE)
    role = CharField(max_length=40)
    job_title = CharField(max_length=300)
    telephone = CharField(max_length=60, null=True)
    since = DateTimeField()
    until = DateTimeField(null=True)


class Entry(Model):
    """An entry has one of three permissions for a group: the level at which the agency sees it."""

    id = _id()
    case = ForeignKey(Case, on_delete=CASCADE, related_name="entries")
    part_of = CharField(max_length=36, null=True)
    area = CharField(max_length=16)
    kind = CharField(max_length=32)
    owner = ForeignKey(Agency, on_delete=CASCADE)
    categories = JSONField()
    subjects = JSONField()
    recorded_at = DateTimeField()
    author = CharField(max_length=300)
    version = IntegerField()
    fields = JSONField()

    class Meta:
        default_permissions = ()
        permissions = (("existence", "existence"), ("summary", "summary"), ("full", "full"))


class CaseUserPermission(UserObjectPermissionBase):
    content_object = ForeignKey(Case, on_delete=CASCADE)


class CaseGroupPermission(GroupObjectPermissionBase):
    content_object = ForeignKey(Case, on_delete=CASCADE)


class EntryUserPermission(UserObjectPermissionBase):
    content_object = ForeignKey(Entry, on_delete=CASCADE)


class EntryGroupPermission(GroupObjectPermissionBase):
    content_object = ForeignKey(Entry, on_delete=CASCADE)
