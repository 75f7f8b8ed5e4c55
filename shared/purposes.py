"""The ordinary purpose of each role: what a request is for when it does not say (design 3.1 and 4). Pure."""

from shared.vocabulary import Purpose, Role

ORDINARY_PURPOSE = {
    Role.PRACTITIONER: Purpose.SUPPORT,
    Role.SAFEGUARDING_LEAD: Purpose.SUPPORT,
    Role.TEAM_MANAGER: Purpose.SUPPORT,
    Role.COORDINATOR: Purpose.SUPPORT,
    Role.PANEL_MEMBER: Purpose.PANEL,
    Role.VOLUNTEER: Purpose.SUPPORT,
    Role.REFERRER: Purpose.SUPPORT,
    Role.INFORMATION_OFFICER: Purpose.OVERSIGHT,
    Role.RECORDS_OFFICER: Purpose.SUBJECT_ACCESS,
    Role.SCRUTINEER: Purpose.PLANNING,
    Role.AGENCY_SYSTEM: Purpose.SUPPORT,
    Role.FAMILY_MEMBER: Purpose.SUPPORT,
}
