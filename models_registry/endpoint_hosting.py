"""Where an endpoint answers: in a cloud, on a server of one's own, or on the computer of the site.

The energy of an answer depends on it. What a curator has not said is a cloud of unknown load.
"""

import ipaddress
import re
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from backends.presets import preset_for
from models_registry import validation
from science.energy.hosting import HostingKind

MAX_WATTS = 100_000  # a rack takes less
# What containers call the machine they run on: Docker's and Podman's names.
THIS_MACHINE = ("localhost", "host.docker.internal", "host.containers.internal")
# RFC 6762, RFC 8375 and names that home routers, containers and companies give their own machines.
PRIVATE_NAME = re.compile(r"^[^.]+$|\.(?:local|lan|home|internal|intranet|home\.arpa)$")
GRAPHICS_CARDS = (Path("/proc/driver/nvidia/gpus"), Path("/dev/kfd"))  # NVIDIA's and AMD's drivers
_BITS_IN_NAME = re.compile(
    r"(?<![a-z0-9])(?:(?:ud-)?i?q(\d)(?![a-eg-z])|b?fp?(\d{1,2})(?!\d)|int(\d)|nf(\d)|(?:mx|nv)fp(\d)"
    r"|w(\d+)a\d+|(\d)-?bits?|(awq|gptq))(?![a-eg-z])"
)
USUAL_AWQ_BITS = 4.0  # of AWQ and GPTQ releases that do not say
USUAL_OLLAMA_BITS = 4.0  # of a name without precision: its default files are Q4_K_M


class Place(models.TextChoices):
    """The kinds of hosting of science.energy, in words."""

    CLOUD = HostingKind.CLOUD.value, _("un service en nuage, dont la charge est inconnue")
    OWN_SERVER = HostingKind.OWN_SERVER.value, _("un serveur à vous")
    THIS_COMPUTER = HostingKind.THIS_COMPUTER.value, _("cet ordinateur, celui du site")


class Hosted(models.Model):
    """Fields of what serves a model; those of another kind of hosting are empty."""

    class Processor(models.TextChoices):
        CPU = "cpu", _("le processeur")
        GPU = "gpu", _("la carte graphique")

    OWN_SERVER_FIELDS: ClassVar = (
        "accelerator", "accelerator_count", "simultaneous_answers", "load_is_measured",
    )  # fmt: skip
    THIS_COMPUTER_FIELDS: ClassVar = ("processor", "power_watts")
    HOSTING_FIELDS: ClassVar = ("hosting", *OWN_SERVER_FIELDS, *THIS_COMPUTER_FIELDS, "served_bits")

    hosting = models.CharField(_("où le modèle répond"), max_length=20, choices=Place, default=Place.CLOUD)
    accelerator = models.CharField(
        _("carte accélératrice"), max_length=80, blank=True, help_text=_("Par exemple H100 ou L40S.")
    )
    accelerator_count = models.PositiveSmallIntegerField(
        _("nombre de cartes"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    simultaneous_answers = models.FloatField(
        _("réponses écrites en même temps, d’habitude"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(10_000)],
        help_text=_("Vide : inconnu, comme dans un nuage."),
    )
    load_is_measured = models.BooleanField(_("ce nombre a été mesuré"), default=False)
    processor = models.CharField(
        _("ce qui calcule"), max_length=3, choices=Processor, default=Processor.CPU, blank=True
    )
    power_watts = models.FloatField(
        _("puissance de l’ordinateur pendant qu’il répond (watts)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0.1), MaxValueValidator(MAX_WATTS)],
        help_text=_("Lue sur une prise, par exemple. Vide : mesurée par la machine, ou supposée."),
    )
    served_bits = models.FloatField(
        _("précision du fichier servi (bits)"),
        null=True,
        blank=True,
        validators=[
            MinValueValidator(validation.MIN_WEIGHT_BITS),
            MaxValueValidator(validation.MAX_WEIGHT_BITS),
        ],
        help_text=_("Par exemple 4 pour un fichier Q4. Vide : la précision publiée."),
    )

    class Meta:
        abstract = True

    @classmethod
    def empty_other_hostings(cls, values: dict[str, Any]) -> None:
        """Give the fields that say nothing about the chosen kind of hosting their defaults."""
        used = {
            Place.OWN_SERVER.value: {*cls.OWN_SERVER_FIELDS, "served_bits"},
            Place.THIS_COMPUTER.value: {*cls.THIS_COMPUTER_FIELDS, "served_bits"},
        }.get(values.get("hosting", ""), set())
        for field in cls._meta.fields:
            if field.name in set(cls.HOSTING_FIELDS) - {"hosting"} - used:
                values[field.name] = field.get_default()

    def hosting_facts(self) -> dict[str, Any]:
        """The facts stored with each answer of this endpoint; empty fields are left out."""
        names = {
            Place.OWN_SERVER.value: self.OWN_SERVER_FIELDS,
            Place.THIS_COMPUTER.value: self.THIS_COMPUTER_FIELDS,
        }.get(self.hosting, ())
        facts = {name: value for name in names if (value := getattr(self, name))}
        bits = {"served_bits": self.served_bits} if self.served_bits and self.hosting != Place.CLOUD else {}
        return {"kind": str(self.hosting), **facts, **bits}


def suggest_place(base_url: str) -> Place:
    """The likely hosting of an address: this machine, a private network, or else a cloud."""
    host = (urlsplit(base_url).hostname or "").rstrip(".")
    preset = preset_for(base_url)
    if preset and preset.api_key_env:
        return Place.CLOUD
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        if host in THIS_MACHINE or host.endswith(".localhost"):
            return Place.THIS_COMPUTER
        return Place.OWN_SERVER if PRIVATE_NAME.search(host) else Place.CLOUD
    if address.is_loopback or address.is_unspecified:
        return Place.THIS_COMPUTER
    return Place.OWN_SERVER if address.is_private else Place.CLOUD


def suggest_processor() -> Hosted.Processor:
    """The graphics card only where its driver shows one on this machine."""
    has_card = any(path.exists() and (not path.is_dir() or any(path.iterdir())) for path in GRAPHICS_CARDS)
    return Hosted.Processor.GPU if has_card else Hosted.Processor.CPU


def bits_in_name(name: str) -> float | None:
    """The precision that a file's or a served model's name states: 4 for « q4_K_M »; None without one."""
    found = _BITS_IN_NAME.search(name.casefold().replace("_", "-"))
    if found is None:
        return None
    digits = next((group for group in found.groups()[:-1] if group), None)
    bits = float(digits) if digits else USUAL_AWQ_BITS
    return bits if validation.MIN_WEIGHT_BITS <= bits <= validation.MAX_WEIGHT_BITS else None


def suggest_hosting(base_url: str, provider_model: str) -> dict[str, Any]:
    """Values of the fields of Hosted for a new endpoint, to be checked by a curator."""
    place = suggest_place(base_url)
    if place is Place.CLOUD:
        return {"hosting": place}
    preset = preset_for(base_url)
    usual_bits = USUAL_OLLAMA_BITS if preset and preset.slug == "ollama" else None
    found: dict[str, Any] = {"hosting": place, "served_bits": bits_in_name(provider_model) or usual_bits}
    return found | ({"processor": suggest_processor()} if place is Place.THIS_COMPUTER else {})
