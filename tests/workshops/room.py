"""A room over Django's test client: a facilitator, participants, and answers that end when a test says so."""

import re
from typing import Any

from django.db.models import QuerySet
from django.test import Client

from duels.models import Answer
from models_registry.models import LanguageModel
from tests import cast
from workshops.models import Round, Workshop
from workshops.scenario import Scenario, from_dict

DUEL = {
    "id": "duel",
    "kind": "duel",
    "title": "Le duel",
    "minutes": 10,
    "question": cast.PROMPT,
    "pair": "random",
}
QUIZ = {
    "id": "quiz",
    "kind": "quiz",
    "title": "Combien ?",
    "minutes": 3,
    "options": ["un", "deux"],
    "right": 2,
}
SLIDE = {"id": "page", "kind": "slide", "title": "Bienvenue", "minutes": 5, "lesson": "size"}
TALK = {"id": "debat", "kind": "discussion", "title": "Débat", "minutes": 5, "prompts": ["Alors ?"]}
BEATS = ("size", "tokens", "architecture", "energy")


def scenario(*steps: dict[str, Any]) -> Scenario:
    return from_dict({"title": "Essai", "steps": list(steps or (SLIDE, DUEL, QUIZ, TALK))})


class Room:
    """A workshop and its facilitator's browser."""

    def __init__(self, *steps: dict[str, Any], open_data: bool = False) -> None:
        from workshops.scenario import to_toml

        self.lead = Client()
        file = scenario_file(to_toml(scenario(*steps)))
        fields = {"file": file} | ({"open_data": "yes"} if open_data else {})
        opened = self.lead.post("/ateliers/ouvrir/", fields)
        assert opened.status_code == 303, opened.content.decode()
        self.code = opened["Location"].split("/")[2]

    @property
    def workshop(self) -> Workshop:
        return Workshop.objects.get(code=self.code)

    @property
    def phase(self) -> tuple[str, str]:
        return self.workshop.step_id, self.workshop.phase

    @property
    def round(self) -> Round:
        played = self.workshop.rounds.filter(replaced_at=None).last()
        assert played
        return played

    @property
    def answers(self) -> QuerySet[Answer]:
        return Answer.objects.filter(turn__duel=self.round.duel_id)

    def command(
        self, name: str, version: int | None = None, client: Client | None = None, **fields: str
    ) -> int:
        """The status of a command at that version, by default the present one."""
        sent = {"command": name, "version": str(version or self.workshop.version), **fields}
        path = f"/ateliers/{self.code}/pilote/commande/"
        return (client or self.lead).post(path, sent, headers={"X-Live": "1"}).status_code

    def finish(self, *texts: str) -> None:
        """Both answers end with these texts."""
        for answer, text in zip(self.answers.order_by("side"), texts or cast.ANSWERS, strict=True):
            model = LanguageModel.objects.get(pk=answer.model_id)
            Answer.objects.filter(pk=answer.pk).update(
                state=Answer.State.DONE, **cast.written(model, text, Answer.State.DONE)
            )

    def play_to(self, phase: str) -> None:
        """Press « next » until that phase of the present step."""
        reached = self.phase[1]
        for _press in range(20):
            if reached == phase:
                return
            assert self.command("next") == 200
            reached = self.phase[1]
            if reached == "answers":
                self.finish()
        raise AssertionError(f"{phase} is never reached from {self.phase}")

    def join(self, heads: int = 1) -> Client:
        """Another browser, which has joined."""
        client = Client()
        assert client.get(f"/ateliers/{self.code}/").status_code == 200
        if heads > 1:
            self.say_heads(client, heads)
        return client

    def say_heads(self, client: Client, heads: int) -> None:
        """For how many people this device speaks."""
        client.post(f"/ateliers/{self.code}/tablee/", {"heads": heads}, headers={"X-Live": "1"})

    def propose(self, client: Client, text: str) -> int:
        """The status of a proposed question."""
        path = f"/ateliers/{self.code}/proposer/"
        return client.post(path, {"text": text}, headers={"X-Live": "1"}).status_code

    def vote(self, client: Client, kind: str, choice: str, number: int | None = None) -> int:
        """The status of a ballot in that round, by default the present one."""
        fields = {"ballot": f"{number or self.round.number}:{kind}:{choice}"}
        return client.post(f"/ateliers/{self.code}/voix/", fields, headers={"X-Live": "1"}).status_code

    def view(self, name: str, client: Client | None = None) -> str:
        """The fragment of a view, by a plain request."""
        return (client or self.lead).get(f"/ateliers/{self.code}/{name}/etat/").content.decode()


def scenario_file(text: str) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("scenario.toml", text.encode())


def plain(html: str) -> str:
    """The text of a page, its blanks single."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())
