"""Loading the starter catalogue: whole or not at all, repeatable, and never over a curator's edits."""

from dataclasses import replace
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.forms import model_to_dict

from models_registry.models import Endpoint, LanguageModel, Licence, Organisation, Source
from models_registry.seed.load import load_catalogue
from models_registry.seed.read import Catalogue, CatalogueError, SourceEntry, read_catalogue
from tests.models_registry.entries import ATELIER, LIBRE, MIXTURE, PETIT, SECRET, a_source

pytestmark = pytest.mark.django_db

SILENT = replace(SECRET, weight_bits=16)  # its licence is an open one: the precision is known
CATALOGUE = Catalogue((ATELIER,), (LIBRE,), (PETIT, MIXTURE, SILENT))
TABLES = (Organisation, Licence, LanguageModel, Source)


def everything() -> list[dict[str, object]]:
    return [model_to_dict(row) for table in TABLES for row in table.objects.order_by("pk")]


def with_petit(**facts: object) -> Catalogue:
    """The catalogue with other facts about one model."""
    return replace(CATALOGUE, models=(replace(PETIT, **facts), MIXTURE, SILENT))  # type: ignore[arg-type]


def petit() -> LanguageModel:
    return LanguageModel.objects.get(slug=PETIT.slug)


def test_every_fact_arrives_with_its_sources() -> None:
    report = load_catalogue(CATALOGUE)
    assert report.outcomes == {"created": 5}
    row = petit()
    assert (row.total_params_b, row.weight_bits, row.release_date) == (3.1, 16, date(2026, 1, 15))
    assert (row.organisation.name, row.licence.name) == (ATELIER.name, LIBRE.name)
    assert row.sources.count() == len(PETIT.sources)
    assert row.status == LanguageModel.Status.DRAFT


def test_a_second_load_changes_nothing() -> None:
    load_catalogue(CATALOGUE)
    before = everything()
    report = load_catalogue(CATALOGUE)
    assert report.outcomes == {"unchanged": 5}
    assert report.preserved_edits == []
    assert everything() == before


def test_a_correction_of_the_catalogue_arrives() -> None:
    load_catalogue(CATALOGUE)
    report = load_catalogue(with_petit(total_params_b=3.2, aliases=("petit",)))
    assert report.outcomes == {"updated": 1, "unchanged": 4}
    assert (petit().total_params_b, petit().aliases) == (3.2, ["petit"])


def test_what_a_curator_wrote_stays_when_the_catalogue_does_not_change() -> None:
    load_catalogue(CATALOGUE)
    LanguageModel.objects.filter(slug=PETIT.slug).update(name="Petit, dit le Bref", status="enabled")
    load_catalogue(CATALOGUE)
    assert (petit().name, petit().status) == ("Petit, dit le Bref", "enabled")


def test_what_a_curator_wrote_stays_when_the_catalogue_changes_and_is_reported() -> None:
    load_catalogue(CATALOGUE)
    LanguageModel.objects.filter(slug=PETIT.slug).update(total_params_b=3.15)
    report = load_catalogue(with_petit(total_params_b=3.2, weight_bits=8))
    assert report.preserved_edits == ["petit-3b: total_params_b"]
    assert (petit().total_params_b, petit().weight_bits) == (3.15, 8)
    again = load_catalogue(with_petit(total_params_b=3.2, weight_bits=8))
    assert again.outcomes["updated"] == 0
    assert petit().total_params_b == 3.15


def test_an_edit_that_the_catalogue_adopts_is_no_edit_any_more() -> None:
    load_catalogue(CATALOGUE)
    LanguageModel.objects.filter(slug=PETIT.slug).update(total_params_b=3.2)
    load_catalogue(with_petit(total_params_b=3.2))
    load_catalogue(with_petit(total_params_b=3.3))
    assert petit().total_params_b == 3.3


def test_a_source_that_a_curator_removed_does_not_come_back() -> None:
    load_catalogue(CATALOGUE)
    petit().sources.all().delete()
    load_catalogue(CATALOGUE)
    assert not petit().sources.exists()


def a_page(fact: str, link: str) -> SourceEntry:
    return replace(a_source(fact), link=link)  # type: ignore[arg-type]


def with_size(size_b: float, link: str) -> Catalogue:
    """The catalogue with another size of one model, read on another page."""
    others = [source for source in PETIT.sources if source.fact != "size"]
    return with_petit(total_params_b=size_b, sources=(*others, a_page("size", link)))


def links(fact: str = "size") -> list[str]:
    return list(petit().sources.filter(fact=fact).values_list("link", flat=True))


NEW_PAGE = "https://example.org/corrigée"


@pytest.mark.parametrize("knows_its_sources", [True, False])
def test_a_corrected_size_brings_the_page_where_it_is_read(knows_its_sources: bool) -> None:
    load_catalogue(CATALOGUE)
    if not knows_its_sources:  # as a version wrote that did not count them
        row = petit()
        del row.starter_values["sources"]
        row.save()
    load_catalogue(with_size(3.2, NEW_PAGE))
    assert (petit().total_params_b, links(), len(links("licence"))) == (3.2, [NEW_PAGE], 1)
    before = everything()
    assert load_catalogue(with_size(3.2, NEW_PAGE)).preserved_edits == []
    assert everything() == before


def test_a_page_alone_that_is_corrected_arrives() -> None:
    load_catalogue(CATALOGUE)
    load_catalogue(with_size(3.1, NEW_PAGE))
    assert links() == [NEW_PAGE]


def test_the_sources_that_a_curator_chose_stay_and_are_reported() -> None:
    load_catalogue(CATALOGUE)
    petit().sources.filter(fact="size").update(link="https://example.org/la-mienne")
    report = load_catalogue(with_size(3.2, NEW_PAGE))
    assert (petit().total_params_b, links()) == (3.2, ["https://example.org/la-mienne"])
    assert report.preserved_edits == ["petit-3b: sources (size)"]
    assert load_catalogue(with_size(3.2, NEW_PAGE)).preserved_edits == []


def test_the_size_that_a_curator_wrote_keeps_its_sources() -> None:
    load_catalogue(CATALOGUE)
    LanguageModel.objects.filter(slug=PETIT.slug).update(total_params_b=3.15)
    load_catalogue(with_size(3.2, NEW_PAGE))
    assert (petit().total_params_b, links()) == (3.15, [PETIT.sources[0].link])


def test_an_archived_model_arrives_archived_and_can_be_enabled() -> None:
    load_catalogue(with_petit(status="archived"))
    assert petit().status == LanguageModel.Status.ARCHIVED
    LanguageModel.objects.update(status="enabled")
    load_catalogue(with_petit(status="archived"))
    assert petit().status == LanguageModel.Status.ENABLED


def test_a_catalogue_that_contradicts_itself_leaves_nothing_behind() -> None:
    with pytest.raises(CatalogueError, match="organisation inconnue"):
        load_catalogue(with_petit(organisation="nulle-part"))
    assert everything() == []


@pytest.mark.slow
def test_the_catalogue_of_the_project_loads_and_says_what_it_did() -> None:
    catalogue = read_catalogue()
    count = len(catalogue.organisations) + len(catalogue.licences) + len(catalogue.models)
    assert (
        command_output("load_catalogue")
        == f"Catalogue : {count} fiches créées, 0 mises à jour, 0 inchangées.\n"
    )
    LanguageModel.objects.filter(slug="mixtral-8x7b").update(name="Le mien")
    assert (
        command_output("load_catalogue")
        == f"Catalogue : 0 fiches créées, 0 mises à jour, {count} inchangées.\n"
    )
    assert LanguageModel.objects.get(slug="mixtral-8x7b").name == "Le mien"
    for model in LanguageModel.objects.all():
        assert model.shape().served_sizes()


def command_output(command: str, **options: str) -> str:
    out = StringIO()
    call_command(command, stdout=out, **options)
    return out.getvalue()


def connect(port: int, model: str = PETIT.slug) -> str:
    return command_output(
        "connect_local", model=model, url=f"http://127.0.0.1:{port}/v1", provider_model=model
    )


def test_a_local_model_is_connected_and_plays() -> None:
    load_catalogue(CATALOGUE)
    assert connect(8101) == f"{PETIT.name} répond à http://127.0.0.1:8101/v1.\n"
    assert list(LanguageModel.objects.playable()) == [petit()]


def test_the_next_start_moves_the_endpoint_to_its_new_port_and_forgets_its_failures() -> None:
    load_catalogue(CATALOGUE)
    connect(8101)
    endpoint = Endpoint.objects.get()
    for _ in range(3):
        endpoint.record_failure("unreachable")
    assert not LanguageModel.objects.playable()
    connect(8202)
    healed = Endpoint.objects.get()
    assert (healed.base_url, healed.last_error) == ("http://127.0.0.1:8202/v1", "")
    assert list(LanguageModel.objects.playable()) == [petit()]


def test_the_next_start_leaves_a_curators_choices() -> None:
    load_catalogue(CATALOGUE)
    connect(8101)
    Endpoint.objects.update(enabled=False, max_tokens=90, temperature=0.2)
    LanguageModel.objects.update(status=LanguageModel.Status.DRAFT)
    connect(8202)
    endpoint = Endpoint.objects.get()
    assert (endpoint.enabled, endpoint.max_tokens, endpoint.temperature) == (False, 90, 0.2)
    assert petit().status == LanguageModel.Status.DRAFT


def test_another_server_of_the_same_model_is_left_alone() -> None:
    load_catalogue(CATALOGUE)
    connect(8101)
    far = Endpoint.objects.create(
        model=petit(), base_url="https://loin.example/v1", provider_model=PETIT.slug
    )
    near = Endpoint.objects.create(
        model=petit(), base_url="http://127.0.0.1:11434/v1", provider_model=PETIT.slug
    )
    connect(8202)
    for endpoint in (far, near):
        before = endpoint.base_url
        endpoint.refresh_from_db()
        assert endpoint.base_url == before


def test_a_model_that_the_registry_does_not_know_is_refused_in_a_sentence() -> None:
    with pytest.raises(CommandError, match="Aucun modèle « inconnu »"):
        connect(8101, model="inconnu")
