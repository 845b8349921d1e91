"""Where an answer was made, as a card of its equation and in the sentences of the headline."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from duels.answers.answer_hosting import PowerSource, power_source
from duels.models import Answer
from duels.reveal.display import Term
from duels.reveal.ratio_labels import format_2_digits
from science.energy import Estimate, Hosting, HostingKind, Ratio, Verdict
from web.formatting import format_int, format_significant


def place(hosting: Hosting) -> str:
    """Where, after a verb: « dans un nuage »."""
    return {
        HostingKind.CLOUD: _("dans un nuage"),
        HostingKind.OWN_SERVER: _("sur un serveur du site"),
        HostingKind.THIS_COMPUTER: _("sur cet ordinateur"),
    }[hosting.kind]


def is_here(energy: Estimate) -> bool:
    """Whether the figures are those of this site's computer."""
    return energy.method.knows_hosting and energy.hosting.is_this_computer


def hosts_note(ratio: Ratio | None, hostings: Sequence[Hosting]) -> str:
    """The ratio of the answers as they were made, each by its machine at its load; empty for one machine."""
    if ratio is None or not ratio.hosts_differ:
        return ""
    interval = ratio.across_factor_interval
    factors = {
        "more": "A" if ratio.across_verdict is Verdict.FIRST_MORE else "B",
        "low": format_2_digits(interval.low),
        "factor": format_2_digits(interval.mid),
        "high": format_2_digits(interval.high),
    }
    first, second = hostings
    if first.kind is second.kind:
        return _note_of_alike(ratio, first, factors)
    places = {"first": place(first), "second": place(second)}
    if ratio.across_verdict is Verdict.SAME_ORDER:
        sentence = _(
            "A a été écrite %(first)s, B %(second)s : ainsi faites, elles ont pris une énergie du même ordre "
            "(entre %(low)s et %(high)s fois)."
        )
        return sentence % {**factors, **places}
    sentence = _(
        "A a été écrite %(first)s, B %(second)s : ainsi faites, %(more)s a pris environ %(factor)s fois plus "
        "d’énergie (entre %(low)s et %(high)s fois)."
    )
    return sentence % {**factors, **places}


def conditions_note(ratio: Ratio | None, hostings: Sequence[Hosting]) -> str:
    """Beside watt-hours that are not in the ratio of the picture: empty where both are at its conditions."""
    first, second = hostings
    if ratio is None or not ratio.hosts_differ or (first.is_cloud and second.is_cloud):
        return ""
    if first.kind is second.kind:
        return _("Telles qu’elles ont été écrites, chacune par sa machine.")
    sentence = _("Telles qu’elles ont été écrites : A %(first)s, B %(second)s.")
    return sentence % {"first": place(first), "second": place(second)}


def _note_of_alike(ratio: Ratio, place: Hosting, factors: dict[str, str]) -> str:
    """Two machines of one kind, each at its load."""
    is_same_order = ratio.across_verdict is Verdict.SAME_ORDER
    if place.is_cloud and is_same_order:
        sentence = _(
            "Chacune a aussi sa machine et sa charge, que personne ne publie : compte tenu de cela, "
            "leur énergie est peut-être du même ordre (entre %(low)s et %(high)s fois)."
        )
    elif place.is_cloud:
        sentence = _(
            "Chacune a aussi sa machine et sa charge, que personne ne publie : compte tenu de cela, "
            "entre %(low)s et %(high)s fois."
        )
    elif is_same_order:
        sentence = _(
            "Telles qu’elles ont été écrites, chacune par sa machine, leur énergie est du même ordre "
            "(entre %(low)s et %(high)s fois)."
        )
    else:
        sentence = _(
            "Telles qu’elles ont été écrites, chacune par sa machine, %(more)s a pris environ "
            "%(factor)s fois plus d’énergie (entre %(low)s et %(high)s fois)."
        )
    return sentence % factors


def served_term(answers: Sequence[Answer], energy: Estimate) -> Term:
    """The card of the equation that says where the answer was made and what it shared there."""
    hosting = energy.hosting
    if not any(answer.hosting for answer in answers):
        caption = _("ce n’était pas encore gardé : compté comme dans un nuage")
        return Term("hosting", _("Lieu"), _("inconnu"), caption)
    value = _machine(hosting) if hosting.is_own_server else place(hosting)
    if not energy.method.knows_hosting:
        return Term("hosting", _("Lieu"), value, _("cette méthode n’en tient pas compte"))
    if hosting.is_this_computer:
        caption = _computer_caption(hosting, power_source(answers))
    else:
        caption = _load_caption(energy)
    return Term("hosting", _("Lieu"), value, caption)


def _machine(server: Hosting) -> str:
    """The accelerators that were declared, and no others."""
    if not server.accelerator:
        return place(server)
    if server.accelerator_count is None:
        return _("sur un serveur à cartes %(name)s") % {"name": server.accelerator}
    count = server.accelerator_count
    words = ngettext("sur une carte %(name)s", "sur %(count)s cartes %(name)s", count)
    return words % {"count": format_int(count), "name": server.accelerator}


def _load_caption(energy: Estimate) -> str:
    """How many answers share the machine, and how that is known."""
    hosting, load = energy.hosting, energy.load
    if hosting.simultaneous_answers is None:
        return _("machine partagée : de %(low)s à %(high)s réponses à la fois, supposées") % {
            "low": format_int(load.low),
            "high": format_int(load.high),
        }
    answers = ngettext("%(count)s réponse à la fois", "%(count)s réponses à la fois", round(load.mid)) % {
        "count": format_2_digits(load.mid)
    }
    known = _("d’après une mesure") if hosting.is_measured else _("d’après ce site")
    return f"{answers}, {known}"


def _computer_caption(hosting: Hosting, source: PowerSource) -> str:
    """Power and time, whose product is the energy."""
    known = {
        PowerSource.READ: _("mesurés par lui-même"),
        PowerSource.DECLARED: _("déclarés"),
        PowerSource.TYPICAL: _("supposés"),
    }[source]
    watts = {"watts": format_2_digits(hosting.effective_power_w.mid), "known": known}
    if hosting.work_seconds is None:
        return _("celui de ce site : %(watts)s W (%(known)s), pendant un temps estimé") % watts
    seconds = {"seconds": format_significant(hosting.work_seconds)}
    return _("celui de ce site : %(seconds)s s de travail, à %(watts)s W (%(known)s)") % {**watts, **seconds}
