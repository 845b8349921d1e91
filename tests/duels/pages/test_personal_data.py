"""A question that seems to hold personal data is given back once, with what was seen."""

import logging

import pytest
from django.test import Client
from django.urls import reverse

from duels.models import Duel
from tests import cast

pytestmark = pytest.mark.django_db
PERSONAL = "Écris à julie.bernard@orange.fr que je suis au 06 12 34 56 78 < midi."


def test_the_first_question_is_given_back_and_may_be_sent_anyway(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    cast.petit_3b()
    cast.grand_70b()
    caplog.set_level(logging.DEBUG)
    refused = client.post(reverse("duels:duels"), {"prompt": PERSONAL})
    page = refused.content.decode()
    assert refused.status_code == 422 and not Duel.objects.exists()
    assert "une adresse électronique" in page and "un numéro de téléphone" in page
    assert "06 12 34 56 78 &lt; midi.</textarea>" in page
    assert 'name="send_anyway" value="1"' in page
    assert "aria-current" not in page.partition('id="menu"')[2].partition("</nav>")[0]
    assert "julie" not in caplog.text and "06 12" not in caplog.text
    sent = client.post(reverse("duels:duels"), {"prompt": PERSONAL, "send_anyway": "1"})
    assert sent.status_code == 303 and Duel.objects.get().turns.get().prompt == PERSONAL


def test_so_is_the_next_one(client: Client) -> None:
    duel = cast.make_duel(cast.petit_3b(), cast.grand_70b(), visitor=cast.visitor_in(client))
    address = reverse("duels:add_turn", args=[duel.code])
    refused = client.post(address, {"prompt": PERSONAL}, headers={"Accept-Language": "en"})
    page = refused.content.decode()
    assert refused.status_code == 422 and duel.turns.count() == 1
    assert "a phone number" in page and "Send anyway" in page and "midi.</textarea>" in page
    assert client.post(address, {"prompt": PERSONAL, "send_anyway": "1"}).status_code == 303
    assert duel.turns.count() == 2


def test_an_ordinary_question_is_asked_nothing(client: Client) -> None:
    cast.petit_3b()
    cast.grand_70b()
    assert client.post(reverse("duels:duels"), {"prompt": "Compte de 1 à 20."}).status_code == 303
    assert "send_anyway" not in client.get(reverse("duels:home")).content.decode()
