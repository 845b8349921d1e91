"""Scores: classes that overlap, podiums by energy, and the sentence that sums them up."""

from dataclasses import replace

from leaderboard.models import Row
from leaderboard.pages.overview import build_overview
from leaderboard.pages.table import LeaderboardEntry
from science.energy import Architecture, ModelShape
from tests.leaderboard.pages.test_chart import A_MODEL
from web.phone_screens import phone_screens

OPEN = ModelShape(Architecture.DENSE, total_params_b=8.0)
CLOSED = ModelShape(Architecture.UNDISCLOSED, None, total_range_b=(50.0, 500.0))


def entry(name: str, points: float, margin: float, wh: float, shape: ModelShape = OPEN) -> LeaderboardEntry:
    row = Row(
        votes=1_000, points=points, points_low=points - margin, points_high=points + margin,
        best_rank=1, worst_rank=9, wh_per_1000_low=wh / 3, wh_per_1000_mid=wh, wh_per_1000_high=wh * 3,
    )  # fmt: skip
    return LeaderboardEntry(row, replace(A_MODEL, name=name, shape=shape))


def names(entries: list[LeaderboardEntry]) -> list[str]:
    return [one.model.name for one in entries]


def test_a_class_holds_what_reaches_the_margin_of_its_best_and_no_chain_of_neighbours() -> None:
    entries = [entry("C", 960, 20, 0.02), entry("A", 1000, 20, 2.0), entry("B", 970, 20, 0.2)]
    overview = build_overview(entries)
    assert overview
    assert [names(one.shown) for one in overview.classes] == [["C", "B", "A"]]
    overview = build_overview([*entries, entry("D", 930, 20, 0.01)])
    assert overview
    assert [names(one.shown) for one in overview.classes] == [["C", "B", "A"], ["D"]]
    assert [one.points_label for one in overview.classes] == ["de 960 à 1\xa0000", "930"]


def test_podiums_take_the_best_scores_of_each_class_of_energy() -> None:
    entries = [entry(str(number), 1000 + number, 5, 0.05) for number in range(5)]
    overview = build_overview([*entries, entry("grand", 900, 5, 3.0)])
    assert overview
    labels = {podium.label: names(podium.entries) for podium in overview.podiums}
    assert labels == {"moins de 0,1 Wh": ["4", "3", "2"], "0,5 Wh et plus": ["grand"]}


def test_the_news_speaks_of_published_sizes_and_of_what_votes_tell() -> None:
    sober, best = entry("Sobre", 1000, 10, 0.05), entry("Grand", 1100, 10, 2.0)
    news = [
        (
            [sober, best],
            "Le mieux noté sous 0,1 Wh : Sobre. Grand, premier, a 100 points de plus et demande "
            "environ 40 fois plus d’énergie.",
        ),
        (
            [sober, entry("Voisin", 1005, 10, 0.06)],
            "Le mieux noté de tous consomme moins de 0,1 Wh : Voisin.",
        ),
        (
            [sober, entry("Secret", 1005, 10, 0.06, CLOSED)],
            "Le mieux noté sous 0,1 Wh, parmi les tailles "
            "publiées : Sobre. Les votes ne le séparent pas encore de Secret, premier.",
        ),
    ]
    for entries, sentence in news:
        overview = build_overview(entries)
        assert overview and overview.news.replace("\xa0", " ") == sentence


def test_one_score_alone_says_nothing_and_a_phone_shows_twenty() -> None:
    assert build_overview([entry("Seul", 1000, 10, 1.0)]) is None
    assert [len(screen) for screen in phone_screens([entry("x", 1, 1, 1.0)] * 45)] == [20, 20, 5]
