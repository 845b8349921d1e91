"""A site where much has happened: a catalogue, votes, a leaderboard, a visitor's duels in every state."""

import time
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from conso_duel.site import second_factor
from conso_duel.site.code_step import AWAITED
from duels import lifecycle, valkey, visitors
from duels.models import Answer, Duel, Guess, SecondVote, Side, Turn
from duels.queries import load_answers
from duels.relay.redis_stream import Event, append
from duels.sharing import links
from leaderboard.models import Snapshot
from leaderboard.ranking.publish import compute_due
from models_registry.models import LanguageModel, Licence, Organisation
from models_registry.seed.load import load_catalogue
from models_registry.seed.read import read_catalogue
from recordings.importing import import_pack
from recordings.models import DailyQuestion, Recording
from recordings.recorder import make_pack, record_duel
from recordings.replays import open_replay
from tests import cast
from tests.leaderboard.sample_ballots import an_arena_with_votes

MARKDOWN = """## Le ciel

La lumière du Soleil **se disperse** dans l’air :

1. le bleu se disperse *beaucoup* ;
2. le rouge, peu.

| Couleur | Longueur d’onde | Dispersion | Remarque |
|---------|-----------------|------------|----------|
| Bleu    | 450 nm          | forte      | on la voit partout dans le ciel |
| Rouge   | 700 nm          | faible     | elle passe tout droit jusqu’au soir |

```python
def dispersion(longueur_en_nm: float, longueur_de_reference_en_nm: float = 550.0) -> float:
    return (longueur_de_reference_en_nm / longueur_en_nm) ** 4
```

> C’est la diffusion de Rayleigh."""
LONG_PROMPT = "Pourquoi le ciel est-il bleu le jour, rouge le soir et noir la nuit ? " * 10


@dataclass(frozen=True)
class World:
    """Addresses of the visitor's duels by their state, the cookies of each reader, proper names."""

    duels: dict[str, str]
    cookies: dict[str, dict[str, str]]
    names: list[str]  # of models, makers and licences, as their makers write them; the longest first


def build() -> World:
    """Everything, into the database and the Valkey that the site reads."""
    load_catalogue(read_catalogue())
    small, large, mixed = an_arena_with_votes()
    secret, dolls = cast.secret(hypothesis_why_en="How its answers are priced."), cast.matriochka_8b()
    _publish_twice()
    word, busy_word = visitors.new_token(), visitors.new_token()
    played = _duels(visitors.hash_token(word), small, large, mixed, secret, dolls)
    cookies = {
        "newcomer": {},
        "visitor": {visitors.COOKIE: word},
        "busy": {visitors.COOKIE: busy_word},
        "curator": _curator_cookies(),
        **_cookies_of_a_protected_curator(),
    }
    addresses = {name: duel.get_absolute_url() for name, duel in played.items()}
    addresses["recording"] = Recording.objects.get().get_absolute_url()
    return World(addresses, cookies, _names())


def _publish_twice() -> None:
    """A leaderboard of a month ago, and today's."""
    compute_due()
    Snapshot.objects.update(computed_at=timezone.now() - timedelta(days=30))
    compute_due(force=True)


def _names() -> list[str]:
    kinds = (LanguageModel, Organisation, Licence)
    names = {name for kind in kinds for name in kind.objects.values_list("name", flat=True)}
    return sorted(names, key=len, reverse=True)


def _curator_cookies() -> dict[str, str]:
    client = Client()
    client.force_login(User.objects.create_superuser("camille"))
    return _session_cookie(client)


def _session_cookie(client: Client) -> dict[str, str]:
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


def _cookies_of_a_protected_curator() -> dict[str, dict[str, str]]:
    """Of one with a second factor: after the password, and after the code."""
    user = User.objects.create_superuser("dominique", password="une phrase assez longue")
    codes = second_factor.renew_recovery_codes(user)
    TOTPDevice.objects.create(user=user)
    outside, inside = Client(), Client()
    for client in (outside, inside):
        client.post("/admin/login/", {"username": "dominique", "password": "une phrase assez longue"})
    _await_code_for_long(outside)
    inside.post("/admin/login/code/", {"code": codes[0]})
    return {"curator at the door": _session_cookie(outside), "protected curator": _session_cookie(inside)}


def _await_code_for_long(client: Client) -> None:
    """The tests reach the page of the code later than a curator may."""
    session = client.session
    session[AWAITED] = session[AWAITED] | {"until": time.time() + 3_600}
    session.save()


def _duels(
    visitor: str,
    small: LanguageModel,
    large: LanguageModel,
    mixed: LanguageModel,
    secret: LanguageModel,
    dolls: LanguageModel,
) -> dict[str, Duel]:
    """One duel per state of the page."""

    def duel(left: LanguageModel, right: LanguageModel, **facts: object) -> Duel:
        return cast.make_duel(left, right, visitor=visitor, **facts)  # type: ignore[arg-type]

    state = Answer.State
    duels = {
        "waiting": duel(small, large, state=state.WAITING),
        "streaming": _streaming(duel(small, large, state=state.STREAMING)),
        "ended": duel(small, mixed, texts=(MARKDOWN, MARKDOWN), prompt=LONG_PROMPT),
        "chosen": _with(duel(large, secret), mode=Duel.Mode.CHOSEN),
        "one failed": _fail(duel(small, large), Side.A),
        "both failed": duel(small, large, state=state.FAILED),
        "followed up": _follow_up(duel(small, large), small, large),
        "followed up, streaming": duel(large, mixed),
        "voted": _opined(duel(large, secret, texts=(MARKDOWN, cast.ANSWERS[1]))),
        "voted, mixture and dolls": duel(mixed, dolls),
        "shared": duel(small, mixed),
    }
    streaming = cast.add_turn(duels["followed up, streaming"], large, mixed, state=state.STREAMING)
    _say(streaming)
    _keep_running()
    for name in ("voted", "voted, mixture and dolls", "shared"):
        cast.vote(duels[name])
    links.create_link(duels["shared"], with_text=True)
    duels["replayed"] = _replayed(duels["voted"], visitor)
    return duels


def _replayed(duel: Duel, visitor: str) -> Duel:
    """A replay of this duel, which is the question of the day, and of the day before."""
    recorded = record_duel(load_answers(duel))
    import_pack(make_pack([recorded], "Paquet d’essai", "Une classe"))
    recording, today = Recording.objects.get(), timezone.localdate()
    for day in (today, today - timedelta(days=1)):
        DailyQuestion.objects.create(day=day, recording=recording)
    replay = open_replay(recording, visitor)
    cast.vote(replay)
    SecondVote.objects.create(duel=replay, choice="b")
    return replay


def _keep_running() -> None:
    """No worker writes these answers, and none takes them for left or lost while the tests look at them."""
    later = timezone.now() + timedelta(hours=1)
    Answer.objects.filter(state=Answer.State.STREAMING).update(heartbeat_at=later)
    Answer.objects.filter(state=Answer.State.WAITING).update(queued_at=later)


def _streaming(duel: Duel) -> Duel:
    _say(duel.turns.get())
    return duel


def _say(turn: Turn) -> None:
    """Both sides have begun, and write no more."""
    words = [
        Event(f"{side}-{kind}", text)
        for side in "ab"
        for kind, text in (("start", ""), ("chunk", "Le ciel "))
    ]
    append(valkey.client(), lifecycle.stream_key(turn), words)


def _with(duel: Duel, **facts: object) -> Duel:
    Duel.objects.filter(pk=duel.pk).update(**facts)
    return duel


def _fail(duel: Duel, side: Side) -> Duel:
    failed = Answer.objects.filter(turn__duel=duel, side=side)
    failed.update(state=Answer.State.FAILED, failure=Answer.Failure.UNAVAILABLE, text="", tokens_out=0)
    return duel


def _follow_up(duel: Duel, left: LanguageModel, right: LanguageModel) -> Duel:
    cast.add_turn(duel, left, right, prompt="Et la nuit ?")
    return duel


def _opined(duel: Duel) -> Duel:
    """With a bet before the vote and another choice after it."""
    Guess.objects.create(duel=duel, side=Side.A, factor=10)
    SecondVote.objects.create(duel=duel, choice="b")
    return duel
