"""Detect answers that reveal which model wrote them: a vote on such an answer is not blind.

Only self-description counts (« je suis … », "an AI developed by …"), in French and in English, and only by
the names of the model and of its maker: an answer about Claude Monet or Google's history stays anonymous.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

# Names that makers give their assistants, absent from the model's and the maker's names in the registry.
ASSISTANT_NAMES: dict[str, tuple[str, ...]] = {
    "ai2": ("Tulu",),
    "alibaba": ("Qwen", "Tongyi Qianwen", "Tongyi"),
    "anthropic": ("Claude",),
    "google": ("Gemini", "Gemma", "Bard"),
    "meta": ("Llama", "Meta AI"),
    "mistral-ai": ("Mistral", "Le Chat"),
    "moonshot-ai": ("Kimi",),
    "openai": ("GPT", "ChatGPT"),
    "z-ai": ("ChatGLM", "GLM"),
}
# Other names of the makers themselves.
MAKER_NAMES: dict[str, tuple[str, ...]] = {
    "ai2": ("Allen Institute",),
    "google": ("DeepMind",),
    "openai": ("Open AI",),
    "swiss-ai": ("EPFL", "ETH Zurich", "ETH Zürich"),
    "tii": ("TII",),
    "z-ai": ("Zhipu",),
}
GENERIC_ENDINGS = re.compile(r"\s+(?:ai|labs?|research|initiative|institute|france)$", re.IGNORECASE)
FAMILY = re.compile(r"[A-Za-z]+\d?(?=[^A-Za-z]|$)|[A-Za-z]+")
TYPOGRAPHY = {ord("’"): "'", ord("‘"): "'", ord("‑"): "-", ord("–"): "-"}
MIN_NAME_LENGTH = 2  # « Yi », « o3 »

SAME_SENTENCE = r"[^.!?;\n]"

# What may stand between « je suis » and a name: the words of an introduction, and no others.
INTRODUCTION = (
    "un|une|le|la|l|d|de|du|des|en|bien|modeles?|langage|langue|linguistique|intelligence|artificielle|ia",
    "assistante?|virtuel|virtuelle|conversationnel|conversationnelle|agent|chatbot|grande?|petit|version",
    "nommee?|appelee?|famille|serie|issue?|simplement|votre|ton|donc|ici|effet|fait|texte|generatif|generative",
    "connue?|sous|nom|basee? sur",
    "a|an|the|ai|artificial|language|model|large|small|virtual|helpful|your|named|called|known|as|of|from",
    "family|series|indeed|actually|just|conversational|open|source|member|part|llm|chat|based on|powered by",
)
NAME_LEADS = (
    "je suis", "je m'appelle", "je me nomme", "mon nom est", "on m'appelle", "appelez-moi", "appelle-moi",
    "moi,? c'est", "c'est moi,?", "en tant qu(?:e|')", "vous (?:parlez|discutez) (?:a|avec)",
    "tu (?:parles|discutes) (?:a|avec)",
    "i am", "i'm", "my name(?: is|'s)", "call me",
    "you(?:'re| are) (?:talking|chatting|speaking) (?:to|with)",
)  # fmt: skip
MADE_BY = (
    "(?:developpe|cree|recree|entraine|concu|fabrique|construit|programme|forme|mis|elabore|heberge|edite|publie)"
    "e?s?(?: au point)? (?:par|chez|au sein d[eu'])",
    "(?:developed|created|trained|made|built|designed|programmed|fine-tuned|produced|released|hosted|owned) "
    "(?:by|at)",
    "(?:un|une|le) (?:modele|assistant|assistante|ia|produit|creation)[a-z' ]{0,40} (?:de|d'|chez)",
    "(?:a|an|the) (?:[a-z]+ ){0,4}(?:model|assistant|ai|product|chatbot) (?:from|of|by)",
)
AI_NOUN = (
    "(?:modeles?|assistante?|ia|intelligence artificielle|agent|chatbot|programme|systeme|robot|llm|"
    "model|assistant|ai|artificial intelligence|system|program)"
)
# « Je suis un modèle… développé par », but not « je suis devant un téléphone fabriqué par ».
I_AM_AN_AI = (
    rf"(?:je suis|en tant qu(?:e |')|moi qui suis|i am|i'm)\b{SAME_SENTENCE}{{0,60}}?\b{AI_NOUN}",
    rf"as (?:an?|the) (?:(?!example)[a-z-]+ ){{0,3}}?{AI_NOUN}",
)
I_WAS_OR_AM = (
    "(?:j'ai ete|j'etais|je suis|i was|i've been|i have been|i am|i'm)"
    "(?: originally| initially| initialement| entierement)?"
)
MY_MAKER = (
    "mes? (?:createurs?|developpeurs?|concepteurs?|fabricants?|equipe|societe|entreprise)"
    "(?:,| est| sont| chez| de| s'appelle| a| ont)",
    "my (?:creators?|developers?|makers?|company|training team)(?:,| is| are| at| from)",
    "the (?:company|team) that (?:made|created|trained|built) me(?:,| is| at)",
    "m'(?:a|ont) (?:cree|developpe|entraine|concu)e?s?(?:,| chez| c'est)",
)


@dataclass(frozen=True, slots=True)
class Identity:
    """The names by which an answer would reveal its model."""

    model: str
    aliases: tuple[str, ...]
    maker: str
    maker_slug: str

    def own_names(self) -> frozenset[str]:
        """The names that the model may call itself, normalized for matching."""
        family = FAMILY.match(self.model)
        known = (self.model, *self.aliases, *ASSISTANT_NAMES.get(self.maker_slug, ()))
        return _normalized_names((*known, family.group() if family else ""))

    def maker_names(self) -> frozenset[str]:
        """The names that it may call its maker, normalized for matching."""
        parts = re.split(r"[()]", self.maker)
        short = (GENERIC_ENDINGS.sub("", part.strip()) for part in parts)
        return _normalized_names((self.maker, *parts, *short, *MAKER_NAMES.get(self.maker_slug, ())))


def identifies_itself(text: str, identity: Identity) -> bool:
    """Whether the text describes its own author by a name of this identity."""
    pattern = _self_description(identity.own_names(), identity.maker_names())
    return bool(pattern.search(normalize_for_match(text)))


def normalize_for_match(text: str) -> str:
    """The text in lower case, without accents, emphasis or typographic marks."""
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark))
    bare = bare.casefold().translate(TYPOGRAPHY)
    return re.sub(r"[^\S\n]+", " ", re.sub(r"[*_`\"«»“”]", "", bare))


def _normalized_names(names: Iterable[str]) -> frozenset[str]:
    return frozenset(
        name for raw in names if len(name := normalize_for_match(raw).strip()) >= MIN_NAME_LENGTH
    )


@lru_cache(maxsize=512)
def _self_description(own: frozenset[str], makers: frozenset[str]) -> re.Pattern[str]:
    """One pattern for the three ways to reveal oneself: « je suis », « développé par », « mes créateurs »."""
    filler = rf"(?:{_any(INTRODUCTION)})(?: |'|, )"
    by_name = rf"\b(?:{_any(NAME_LEADS)}) ?:? ?(?:{filler}){{0,9}}{_one_of(own)}"
    as_name = rf"\bas {_one_of(own)}, i\b"
    # The maker's name follows « développé par » by a few words, in the same sentence.
    anybody = _one_of(own | makers)
    self_said = rf"(?:(?:{_any(I_AM_AN_AI)})\b{SAME_SENTENCE}{{0,60}}?|{I_WAS_OR_AM} )"
    made = rf"\b{self_said}(?:{_any(MADE_BY)}) ?"
    mine = rf"\b(?:{_any(MY_MAKER)})"
    by_maker = rf"(?:{made}|{mine}){SAME_SENTENCE}{{0,30}}?\b{anybody}"
    return re.compile(f"{by_name}|{as_name}|{by_maker}")


def _any(patterns: Iterable[str]) -> str:
    return "|".join(patterns)


def _one_of(names: Iterable[str]) -> str:
    """A pattern of any of the names as a whole word, the longest first: « gpt-4o mini » before « gpt ».

    « command-line » and « Google's » do not match; « llama-based » does.
    """
    longest_first = sorted(names, key=len, reverse=True)
    spelt = (re.escape(name).replace(r"\ ", "[ -]").replace(r"\-", "[ -]") for name in longest_first)
    return rf"(?:{_any(spelt)})(?![a-z]|'s\b|-(?!based|[a-z]\d)[a-z])"
