"""Patterns around a name where an author speaks of itself, or where artificial intelligence is spoken of.

Each pattern is searched in one sentence around one name, of a bounded length: see self_identification.py.
"""

import re

# What may stand between « je suis » and a name: the words of an introduction, and no others.
INTRODUCTION = (
    "un|une|le|la|l|d|de|du|des|en|bien|modeles?|langage|langue|linguistique|intelligence|artificielle|ia",
    "assistante?|virtuel|virtuelle|conversationnel|conversationnelle|agent|chatbot|grande?|petit|version",
    "nommee?|appelee?|famille|serie|issue?|simplement|votre|ton|donc|ici|effet|fait|texte|generatif|"
    "generative",
    "connue?|sous|nom|basee? sur|modestement|tout|moi|celui|que|qui|on|appelle|repond|au|est|c",
    "a|an|the|ai|artificial|language|model|large|small|virtual|helpful|your|named|called|known|as|of|from",
    "chez|family|series|indeed|actually|just|conversational|open|source|member|part|llm|chat|based on|"
    "powered by",
    "ouverte?|libre|gratuite?|multimodale?|multilingue|francaise?|europeen|europeenne|recente?|nouveau|nouvelle",
    "compacte?|leger|legere|free|open-weight|multimodal|multilingual|new|newest|latest|compact|french|european",
    "it|is|s|me|by|assistant called|name",
)
LEADS = (
    "je suis", "je m'appelle", "je me nomme", "je me presente", "mon (?:petit )?nom(?: est|,| \\?| c'est)?",
    "on m'appelle", "on me nomme", "sous le nom", "je porte le nom", "j'appartiens a", "je viens",
    "je fais partie", "appelez-moi", "appelle-moi", "nommez-moi", "moi,? c'est", "c'est moi,?",
    "moi", "en tant qu(?:e|')", "ici", "c'est bien", "je reponds au nom",
    "je (?:tourne|fonctionne|repose|m'appuie)"
    " (?:sur|avec|grace a)", "vous (?:parlez|discutez|echangez|conversez) (?:a|avec)", "de la part",
    "tu (?:parles|discutes|echanges) (?:a|avec)",
    "votre (?:assistant|assistante|ia|modele|chatbot|serviteur)",
    "ton (?:assistant|ia|modele)", "(?:je suis|j'ai ete) (?:propulsee?|alimentee?|animee?) par",
    "bien a vous,?",
    "cordialement,?", "amicalement,?", "a bientot,?",
    r"(?<!du )(?<!le )(?<!on )(?<!otre )(?<!ce )(?<!de )(?<!un )signee?(?: par)?:?",
    "(?:reponse|texte|message) (?:de|par)",
    "(?:genere|redige|ecrit|propulse|repondu)e?s? par", "nom du modele(?: est)?",
    "le modele qui vous repond",
    "i am", "i'm", "my name(?: is|'s|\\?)?", "the name(?: is|'s)", "call me", "i go by(?: the name)?",
    "i,", "(?:i am|i'm) one of", "i (?:belong to|come from|work for)", "i run on",
    "i am called",
    "they call me", "people call me", "this is", "it's me,?", "as", "you can call me", "i was named",
    "you(?:'re| are) (?:now )?(?:talking|chatting|speaking) (?:to|with)",
    "your (?:ai )?(?:assistant|model|chatbot)",
    "best,?", "sincerely,?", "regards,?", "yours(?: truly)?,?", "cheers,?", "signed:?", "powered by",
    "built on",
    "(?:answer|response|text|message)(?: written| given)? by", "(?:written|generated|authored) by",
    "answering as",
    "courtesy of", "brought to you by", "offerte? par", "gracieusete de",
    "(?:bonjour|bonsoir|salut|coucou|allo|hello|hi|hey)[,!]? (?:c'est|from|it's)",
)  # fmt: skip
LEAD = re.compile(
    rf"\b(?:{'|'.join(LEADS)})[ ,:]*(?:(?:{'|'.join(INTRODUCTION)})(?:[ ',:]+|"
    rf"(?=$))){{0,9}}$",
    re.IGNORECASE,
)
# « As Claude, I » but not « as OpenAI announced »; « moi Claude, je » but not « chez moi Claude passe ».
NEEDS_A_FOLLOWER = re.compile(
    r"\b(?:as|i|moi|this is|ici|c'est bien)[ ,]*(?:(?:an?|the|un|une|le|la) )?$", re.IGNORECASE
)
FOLLOWER = re.compile(r"^ ?(?:[,:!]|$|i\b|je\b|a votre|qui\b|speaking|from\b|de\b|at your)", re.IGNORECASE)
FIELD = re.compile(
    r"\b(?:modeles?|model|nom|name|assistant|ia|ai|llm|auteur|author|agent|version|createur|editeur|maker|"
    r"developpeur|fournisseur|provider|created by|developer|creator|identite|identity|moteur|engine|bot)"
    r"(?: utilise| used| name)? ?[:=] ?$",
    re.IGNORECASE,
)
GREETING = re.compile(r"\b(?:bonjour|salut|bonsoir|hello|hi|hey|oui|yes|non|no)\b|[\W\d_]")
SPACE_FLIGHT = re.compile(
    r"\b(?:NASA|missions?|Apollo|capsule|astronaut\w*|orbit\w*|vols?|a vole|flew|flown|fusee|spacecraft|"
    r"equipages?|crew|lunaire|lunar)\b",
    re.IGNORECASE,
)
DASH = re.compile(r"—\s*$")
# What a character of a story says: « Je m’appelle Lucie », dit la fillette.
SPEECH_OF_OTHERS = re.compile(
    r",? (?:dit|cria|crie|repondit|repond|demanda|murmura|lanca|s'ecria|said|asked|replied|cried|whispered|"
    r"answered)(?:-(?:il|elle)| (?:la|le|un|une|son|sa|the|a|his|her|he|she) ?\b| [A-Z]\w+)|"
    r", (?:the|he|she) ?\w{0,20} (?:said|asked|replied|cried|whispered|answered)\b"
)
SIGNATURE = re.compile(
    r"\b(?:cordialement|bien a vous|amicalement|a bientot|sincerely|best|regards|yours|truly|cheers|"
    r"signe)[ ,.!]*\n"
    r"\s*-? ?$|\b(?:mon (?:petit )?nom|my name) ?\? ?$",
    re.IGNORECASE,
)
SAID_AFTER = re.compile(
    r"^ ?[,:!]? ?(?:(?:(?:reste|est|is) )?(?:a|pour) (?:votre|ton|ta) (?:service|ecoute|disposition)|"
    r"a l'appareil|au bout du fil|"
    r"pour vous (?:servir|aider)|at your (?:service|disposal)|on the line|here\b|qui se respecte|"
    r"speaking\b|"
    r"ici present|qui (?:vous|te) (?:repond|parle|aide|ecrit)|vous (?:repond|salue|parle|ecoute|aide|"
    r"souhaite)|te (?:repond|salue)|est mon nom|"
    r"is my name|"
    r"(?:est|sont) m(?:on|es) (?:createur|developpeur|concepteur|editeur|fabricant)|"
    r"is my (?:creator|developer|maker)|are my (?:creators|developers|makers)|"
    r"(?:m'a|m'ont) (?:bien )?(?:cree|concu|developpe|entraine|fabrique|programme|fait|mis)|"
    r"(?:is|est) (?:the |la |l'|le )?(?:company|team|lab|societe|entreprise|laboratoire|"
    r"equipe) (?:behind me|"
    r"that (?:made|created|built|trained) me|qui m'a|derriere moi)|, (?:on|ils|they|we) (?:m'a\b|"
    r"m'ont\b|taught me|"
    r"trained me)|(?:has |have )?(?:created|made|trained|built|developed|designed|programmed) me\b)",
    re.IGNORECASE,
)
# « Cohere, l’entreprise à laquelle je dois tout », « Microsoft funds the team that maintains me ».
MAKER_OF_ME = re.compile(
    r"^ ?, (?:l'|la |le |the )(?:entreprise|societe|equipe|laboratoire|company|team|lab)\b"
    r" (?:a|de|dont|qui|que|that|which|behind|to)\b[^.!?;]{0,40}(?:\b(?:je|me|moi|i)\b|\bm')|"
    r"^[^.!?;]{0,60}\b(?:my (?:weights|training)|mes poids|mon entrainement|j'ai ete entrainee?)\b|"
    r"^[^.!?;,]{0,60}\b(?:team|people|engineers|researchers|company) (?:that|who|which) \w{1,20} me\b|"
    r"^[^.!?;,]{0,60}\b(?:equipe|gens|ingenieurs|chercheurs|personnes) qui (?:me |m')|"
    r"^ (?:hosts|maintains|trains|updates|distributes|publishes|makes|offers) me\b(?! (?:to|an?|the|feel)\b)|"
    r"^ me (?:met a (?:disposition|jour)|heberge|maintient|entraine|distribue|developpe)\b",
    re.IGNORECASE,
)
# Of a name that begins its sentence, where the question is put to « you ».
CAN_AFTER = re.compile(
    r"^ (?:sait|peut|ne (?:sait|peut) pas|can|cannot|can't)(?: aussi| also)? (?:coder|programmer|lire|"
    r"traduire|resumer|rediger|generer|code|read|write|translate|summari[sz]e|generate|browse|answer|repondre)\b",
    re.IGNORECASE,
)
YOU = re.compile(r"\b(?:tu|te|toi|ton|ta|tes|vous|votre|vos|you|your)\b|\bt'", re.IGNORECASE)
MADE_BY = re.compile(
    r"(?:\b(?:developpe|cree|recree|entraine|concu|fabrique|construit|programme|forme|mis|elabore|"
    r"heberge|edite|"
    r"publie)e?s?(?: au point)? (?:par|chez|au sein d[eu'])|"
    r"\b(?:nee?|born) (?:a \w{1,20},? |in \w{1,20},? )?(?:chez|at|(?:dans|in) (?:les|des|the) \w{1,20})|"
    r"\b(?:publie|distribue|diffuse)e?s? sous|\b(?:released|published|distributed|licensed) under|"
    r"\b(?:developed|created|trained|made|built|designed|programmed|fine-tuned|produced|released|hosted|"
    r"owned) "
    r"(?:by|at)|"
    r"\b(?:un|une|le) (?:modele|assistant|assistante|ia|produit|creation)[a-z' ]{0,40} (?:de|d'|chez)|"
    r"\b(?:a|an|the) (?:[a-z]+ ){0,4}(?:model|assistant|ai|product|chatbot) (?:from|of|by))"
    r" ?[^.!?;\n]{0,30}$",
    re.IGNORECASE,
)
I_WAS = re.compile(
    r"\b(?:j'ai ete|j'etais|je suis|je fus|i was|i've been|i have been|i am|i'm)"
    r"(?: originally| initially| initialement| entierement)? $|^\s*$",
    re.IGNORECASE,
)
I_AM = re.compile(
    r"\b(?:je suis|en tant qu(?:e |')|moi qui suis|i am|i'm)\b|\bas an? (?!example)", re.IGNORECASE
)
AI_NOUN = re.compile(
    r"\b(?:modeles?|assistante?|ia|intelligence artificielle|agent|chatbot|programme|systeme|robot|llm|"
    r"model|assistant|ai|artificial intelligence|system|program)\b",
    re.IGNORECASE,
)
MY_MAKER = re.compile(
    r"\b(?:mes? (?:createurs?|developpeurs?|concepteurs?|fabricants?|editeurs?|equipe|societe|"
    r"entreprise|maison "
    r"mere)|mon (?:createur|developpeur|concepteur|editeur|fabricant|entreprise|equipe)|"
    r"my (?:creators?|developers?|makers?|company|training team|parent company)|"
    r"(?:the|la|l') ?(?:company|team|societe|entreprise|equipe) (?:that|behind|qui|derriere) ?(?:made|"
    r"created|"
    r"trained|built|m'a|moi|me)\b|qui m'a |who (?:made|created|trained|built) me)[^.!?;\n]{0,40}$",
    re.IGNORECASE,
)
# A name beside one of these is a model's, not a person's, a wind or a company at large.
MODEL_BEFORE = re.compile(
    r"\b(?:modeles?|models?|assistante?|llm|chatbot|versions? de|ia|(?:outils?|IA|AI) comme|like) $",
    re.IGNORECASE,
)
MODEL_AFTER = re.compile(
    r"^ ?(?:,? ?(?:un|une|l'|le|an?|the) ?(?:grand |large |petit |open |free |small )?"
    r"(?:modele|assistant|ia\b|ai\b|language|"
    r"intelligence|chatbot|model\b)|(?:est|is) (?:un|une|an?) (?:grand |large )?(?:modele|assistant|"
    r"ia\b|ai\b|"
    r"intelligence artificielle|language|chatbot|llm|agent)|(?:'s )?(?:language )?(?:models?|llms?)\b|"
    r"(?:ne peut pas|cannot|can't) (?:acceder|repondre|aider|naviguer|access|browse|answer|help)|"
    r"(?:sonnet|opus|haiku|instruct|nemo|pro|"
    r"flash|nano)\b)",
    re.IGNORECASE,
)
AI_WORDS = re.compile(
    r"\b(?:IA|AI|LLMs?|[Ii]ntelligences? artificielles?|[Aa]rtificial intelligence|"
    r"[Mm]odeles? (?:de langage|d'IA)|"
    r"[Ll]anguage models?|[Cc]hatbots?|ChatGPT|OpenAI|Anthropic|DeepSeek|[Aa]gents? conversationnels?|"
    r"[Aa]ssistante?s? (?:virtuel|conversationnel|numerique)\w*|[Vv]irtual assistants?|"
    r"[Nn]eural networks?)\b|"
    r"\bl'ia\b"
)
SURNAME = re.compile(r"^[ -](?:de |d'|von |van )?[A-Z][a-z]+")
NO_SURNAME = re.compile(
    r"^[ -](?:Sonnet|Opus|Haiku|Instant|Large|Small|Medium|Nemo|Pro|Flash|Ultra|Nano|Instruct|Chat|Code|"
    r"Assistant|"
    r"Research|Deep|Je|Bonjour|Voici|Hello|Hi)\b|^ (?:de |d'|by |from )?(?:Google|Meta|Microsoft|"
    r"Anthropic|OpenAI|"
    r"Mistral|Alibaba|Cohere|Moonshot|NVIDIA|IBM|Hugging)\b"
)
MAKERS = "Google|Meta|Microsoft|Anthropic|OpenAI|Mistral|Alibaba|Cohere|Moonshot|NVIDIA|IBM|Hugging"
SENTENCE_STARTS = (
    "Je|Ici|Moi|This|Bonjour|Hello|Hi|Hey|Salut|Am|As|Le|La|Les|The|Modele|Model|Assistant|Chez|Avec|"
    "Par|Pour|De|"
    "Selon|Et|Mais|Car|Oui|Non|Yes|No|Un|Une|An|Mon|Ma|My|Votre|Ton|Your|By|From|With|Version|Nom|Name|"
    "Signe|Best|"
    "Regards|Cordialement|Comme|Like|Use|Using|Utilisez|Demandez|Ask"
)
FIRST_NAME = re.compile(rf"\b(?!(?:{SENTENCE_STARTS}|{MAKERS})\b)[A-Z][a-z]+[ -]$")


def is_said_of_oneself(name: str, before: str, after: str) -> bool:
    """Whether an author speaks of itself by this name, or of its maker."""
    if is_of_a_person(before, after) or SPEECH_OF_OTHERS.search(after):
        return False
    is_introduced = LEAD.search(before)
    if is_introduced and NEEDS_A_FOLLOWER.search(before):
        is_introduced = FOLLOWER.search(after) if name[0].isupper() else None
    if is_introduced:
        return True
    if FIELD.search(before) or DASH.search(before) or MY_MAKER.search(before):
        return True
    if SAID_AFTER.search(after) or MAKER_OF_ME.search(after):
        return True
    made = MADE_BY.search(before)
    return made is not None and _speaks_of_itself(before[: made.start()])


def is_alone(text: str, name: str) -> bool:
    """Whether a text says the name and nothing else, but for a greeting."""
    return len(text) < 80 and not re.sub(GREETING, "", text.replace(name, "", 1).lower()).strip()


def is_said_to_you(question: str, name: str, before: str, after: str) -> bool:
    """Whether a name is said to be able to do what the question asks of « you »."""
    begins = name[0].isupper() and not re.sub(GREETING, "", before.lower())
    return bool(begins and CAN_AFTER.search(after) and YOU.search(question))


def is_of_a_space_flight(before: str, after: str) -> bool:
    """Whether a numbered name is that of a mission, such as Gemini 8."""
    return bool(SPACE_FLIGHT.search(before) or SPACE_FLIGHT.search(after))


def is_signature(before: str, after: str) -> bool:
    """Whether a name stands alone below a closing formula. before: over the end of the line."""
    return bool(SIGNATURE.search(before)) and not after.split("\n")[0].strip(" .!")


def _speaks_of_itself(text: str) -> bool:
    """Whether a text ends with « j’ai été », or says « je suis un modèle »."""
    i_am = I_AM.search(text)
    return bool(I_WAS.search(text)) or bool(i_am and AI_NOUN.search(text[i_am.start() :]))


def is_of_a_person(before: str, after: str) -> bool:
    """Whether a surname follows the name, or a first name precedes it."""
    has_surname = SURNAME.search(after) and not NO_SURNAME.search(after)
    return bool(has_surname or FIRST_NAME.search(before))


def is_about_ai(name: str, before: str, after: str) -> bool:
    """Whether a name that has other meanings stands for a model here."""
    if is_of_a_person(before, after):
        return False
    if MODEL_BEFORE.search(before) or MODEL_AFTER.search(after):
        return True
    return name[0].isupper() and bool(AI_WORDS.search(before) or AI_WORDS.search(after))
