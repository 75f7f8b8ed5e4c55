"""J (design 1): fifty-one, ill, drinking, refused by one service after the other, with nobody in charge.

J is asked first. His mother's power of attorney is recorded once; it reaches his money and nothing else.
About his body's health he cannot decide: his sister is consulted and a best-interests decision is recorded,
for that alone. The police see what they recorded themselves and the note that keeps a visitor safe, never the
diagnosis, whoever says yes.

Two services are asked to take him on and refuse, each with its reason; both are asked to lead and refuse that
too. Meanwhile he rings, and the police answer: that it is nobody's case becomes an alarm.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from deploy.stories.client import Api, Refused, Session
from deploy.stories.steps import (
    add_entry,
    agree_to_take_part,
    born,
    contact,
    join_team,
    nhs_number,
    nominate,
    open_case,
    permit,
    record_parent,
    record_person,
    record_power_of_attorney,
    start_assessment,
)
from shared.clock import Clock, rfc3339, utc_now

ADULT_CARE, MENTAL_HEALTH, ALCOHOL_SERVICE, POLICE = (
    "eastmere-adult-care",
    "eastmere-mental-health",
    "clear-water",
    "borough-police",
)
READERS = {
    "adult social care": "lena.fox",
    "mental health team": "omar.aziz",
    "alcohol service": "meg.lloyd",
    "police": "pc.dunn",
}
POWER = "Lasting power of attorney, property and affairs, 2019"
BEST_INTERESTS = {
    "decision_maker": "Lena Fox, social worker, with his GP",
    "assessment_reference": "Capacity assessment of his sleep and weight, adult social care, file 19",
    "asked_first": "Asked at home on two mornings, with his sister; he could not hold it and weigh it.",
    "wishes": "When well he has always gone to his appointments and told his sister everything.",
    "consulted": [
        {"who": "Carol Harker, his sister", "view": "He would want them to know how thin he has become."},
        {"who": "Edith Harker, his mother", "view": "Whatever gets him seen by a doctor."},
    ],
    "reasons": "Nobody treats what nobody is told of, and asking him again next week risks another winter.",
}


@dataclass(frozen=True, slots=True)
class J:
    """What the story made, by id. ``attorney_refused``: why his mother cannot answer about his health;
    ``money_decision_refused``: why nobody decides about his money in his best interests."""

    j: str
    mother: str
    case: str
    assessment: str
    power: str
    attorney_refused: str
    money_permission: str
    best_interests: str
    money_decision_refused: str
    referrals: tuple[str, ...]


async def tell(api: Api, clock: Clock = utc_now) -> J:
    """J's case up to the moment at which two services have refused to lead and nobody does."""
    now = clock()
    today = now.date()
    until = rfc3339(now + timedelta(days=180))
    social_worker = await api.sign_in("lena.fox")
    nurse = await api.sign_in("omar.aziz")
    alcohol_worker = await api.sign_in("meg.lloyd")

    j = await record_person(
        social_worker, "Jim", "Harker", born(51, today), nhs_number("9990000077"),
        contact(address="19 Cooper Street", safe_way_to_make_contact="Write first; he opens to nobody."),
    )  # fmt: skip
    mother = await record_person(social_worker, "Edith", "Harker", born(79, today), nhs_number("9990000212"))
    sister = await record_person(social_worker, "Carol", "Harker", born(48, today), nhs_number("9990000352"))
    case = await open_case(
        social_worker,
        j,
        [mother, sister],
        "Three services have closed his file this year; his mother copes alone.",
    )
    await record_parent(social_worker, mother, j, "mother", responsible=False)

    await agree_to_take_part(social_worker, case, j, j, "adult")
    for category, recipients in (
        ("mental_health", [ADULT_CARE, ALCOHOL_SERVICE, POLICE]),
        ("substance_use", [ADULT_CARE, MENTAL_HEALTH]),
    ):
        await permit(
            social_worker, case, j, j, "adult", recipients=recipients, categories=[category], until=until
        )
    power = await record_power_of_attorney(
        social_worker, case, j, mother, document=POWER, covers=["money_work"], verified_by="Lena Fox"
    )
    attorney_refused = await _ask_his_mother_about_his_health(social_worker, case, j, mother, power, until)
    money = await permit(
        social_worker, case, j, mother, "attorney", under=power,
        recipients=[ALCOHOL_SERVICE, MENTAL_HEALTH], categories=["money_work"], until=until,
    )  # fmt: skip
    decided = await _decide_for_him(social_worker, case, j, "health", until)
    money_decision_refused = await _decide_about_his_money(social_worker, case, j, until)

    nurse_member = await join_team(social_worker, case, "omar.aziz")
    alcohol_member = await join_team(social_worker, case, "meg.lloyd")
    await join_team(social_worker, case, "pc.dunn")
    referrals = await _refer_him(api, case, rfc3339(now))
    for asked, member, reason in (
        (nurse, nurse_member, "He drinks; we see people once they are sober."),
        (alcohol_worker, alcohol_member, "He missed three appointments, so his file is closed."),
    ):
        nomination = await nominate(social_worker, case, member)
        path = f"/v1/cases/{case}/lead-professional/nominations/{nomination}/refusal"
        await asked.post(path, {"reason": reason})

    assessment = await start_assessment(
        social_worker, case, j, "Nobody holds the whole of it, and he rings 999.", today.isoformat(),
        services_with_family=[
            {
                "service_kind": "other",
                "service_name": name,
                "since": (today - timedelta(days=first)).isoformat(),
                "until": (today - timedelta(days=last)).isoformat(),
            }
            for name, first, last in (
                ("Eastmere Mental Health Team", 300, 290),
                ("Clear Water Alcohol Service", 240, 60),
            )
        ],
    )  # fmt: skip
    await _what_is_known(api, case, assessment, j)
    return J(
        j, mother, case, assessment, power, attorney_refused, money, decided, money_decision_refused,
        referrals,
    )  # fmt: skip


async def _refer_him(api: Api, case: str, now: str) -> tuple[str, ...]:
    """Both services are asked to take him on, and refuse; then he rings 999 once more."""
    social_worker = await api.sign_in("lena.fox")
    made = []
    for agency, user, why, refusal in (
        (
            MENTAL_HEALTH,
            "omar.aziz",
            "He hears voices at night.",
            "He drinks; send him to the alcohol service.",
        ),
        (ALCOHOL_SERVICE, "meg.lloyd", "He drinks every day.", "He is ill; send him to mental health."),
    ):
        asked = await social_worker.post(f"/v1/cases/{case}/referrals", {"agency": agency, "reason": why})
        await (await api.sign_in(user)).post(f"/v1/referrals/{asked['id']}/refusal", {"reason": refusal})
        made.append(str(asked["id"]))
    await (await api.sign_in("pc.dunn")).post(
        f"/v1/cases/{case}/contacts",
        {
            "when": now, "how": "telephone", "sought_by": "family", "outcome": "asked_for_help",
            "note": "Rang 999 at three in the morning and talked about his coat.",
        },
    )  # fmt: skip
    return tuple(made)


async def _ask_his_mother_about_his_health(
    social_worker: Session, case: str, j: str, mother: str, power: str, until: str
) -> str:
    """Her power of attorney is for his money; gives the sentence with which the rest is refused."""
    try:
        await permit(
            social_worker, case, j, mother, "attorney", under=power,
            recipients=[ALCOHOL_SERVICE], categories=["health"], until=until,
        )  # fmt: skip
    except Refused as refused:
        reason: str = refused.document["errors"][0]["message"]
        return reason
    raise AssertionError("a power of attorney for money reached J's health")


async def _decide_for_him(social_worker: Session, case: str, j: str, category: str, until: str) -> str:
    """A best-interests decision that those who treat him are told; gives its id."""
    return await permit(
        social_worker, case, j, j, "best_interests", best_interests=BEST_INTERESTS,
        recipients=[ALCOHOL_SERVICE, MENTAL_HEALTH], categories=[category], until=until,
    )  # fmt: skip


async def _decide_about_his_money(social_worker: Session, case: str, j: str, until: str) -> str:
    """About his money his mother decides; gives the sentence with which anybody else is refused."""
    try:
        await _decide_for_him(social_worker, case, j, "money_work", until)
    except Refused as refused:
        reason: str = refused.document["errors"][0]["message"]
        return reason
    raise AssertionError("a best-interests decision was recorded where an attorney decides")


async def _what_is_known(api: Api, case: str, assessment: str, j: str) -> None:
    """Each service adds its own part."""
    view: dict[str, Any] = {"whose_view": "practitioner", "subjects": [j]}
    social_worker = await api.sign_in("lena.fox")
    await add_entry(
        social_worker, case, assessment, kind="need", element="social_community",
        headline="Visit in pairs, by daylight, and ring first",
        removed_default_categories=["community"], additional_categories=["staff_safety"],
        sensitive_content=[], **view,
    )  # fmt: skip
    await add_entry(
        social_worker, case, assessment, kind="need", element="housing_employment_finance",
        headline="His benefit goes on drink by the weekend", narrative="His mother pays the gas.",
        removed_default_categories=["housing"], sensitive_content=[], **view,
    )  # fmt: skip
    await add_entry(
        social_worker, case, assessment, kind="need", element="general_health",
        headline="Sleeps in his coat, and has grown very thin", sensitive_content=[], **view,
    )  # fmt: skip
    await add_entry(
        social_worker, case, assessment, kind="comment", voice_of="child_or_young_person",
        text="I ring because somebody answers.", additional_categories=[], sensitive_content=[], subjects=[j],
    )  # fmt: skip
    await add_entry(
        await api.sign_in("omar.aziz"), case, assessment, kind="need", element="general_health",
        headline="Depression, with voices at night", narrative="Seen once, last winter.",
        removed_default_categories=["health"], sensitive_content=["mental_health"], **view,
    )  # fmt: skip
    await add_entry(
        await api.sign_in("meg.lloyd"), case, assessment, kind="need", element="general_health",
        headline="Drinks every day since he lost his work", narrative="Dropped out of the group in spring.",
        removed_default_categories=["health"], sensitive_content=["substance_use"], **view,
    )  # fmt: skip
    await add_entry(
        await api.sign_in("pc.dunn"), case, assessment, kind="need", element="social_community",
        headline="Eleven false 999 calls since March", narrative="Never violent; always alone.",
        sensitive_content=["offending"], **view,
    )  # fmt: skip


async def read_as_each(api: Api, case: str) -> dict[str, Any]:
    """The composed view of each service, by who they are."""
    return {who: await (await api.sign_in(user)).get(f"/v1/cases/{case}") for who, user in READERS.items()}
