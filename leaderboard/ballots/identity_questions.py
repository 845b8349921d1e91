"""Questions that ask who answers: the answers are then no longer anonymous, whatever they say."""

import re

from leaderboard.ballots.bare_text import bare_text

OF_YOURS = (
    r"(?:nom|prenom|identite|modele|version|createurs?|developpeurs?|concepteurs?|editeur|fabricant|"
    r"fournisseur|"
    r"architecture|entreprise|maison mere|origine)"
)
MAKE = r"(?:cree|faite?|concue?|developpee?|entrainee?|codee?|programmee?|fabriquee?|construite?)"
KNOWN = (
    r"(?:chat ?gpt|gpt|claude|gemini|gemma|llama|mistral|mixtral|le chat|qwen|deepseek|grok|kimi|glm|"
    r"phi|copilot|"
    r"bard|command|openai|anthropic|google|meta|microsoft|alibaba|cohere|xai)"
)
FRENCH = (
    r"qui (?:es[- ]tu|etes[- ]vous|est[- ]ce qui (?:me )?(?:repond|parle))",
    r"(?:tu es|vous etes|t'es) qui\b",
    r"(?:a|avec) qui (?:est-ce que )?(?:je |j'|ai-je |suis-je )",
    r"comment (?:t'appelles|tu t'appelles|vous (?:vous )?appelez|te nommes|vous nommez|on t'appelle)",
    rf"(?:quel(?:le)?s?|c'est quoi|donne[sz]?|dis|dites|revele|connais|"
    rf"indique)\b[^.?!\n]{{0,30}}\b(?:ton|ta|tes|votre"
    rf"|vos) {OF_YOURS}",
    r"quel(?:le)? (?:est (?:le |la |l')?)?(?:modele|ia|llm|chatbot|assistant|version|"
    r"intelligence artificielle|"
    r"entreprise|societe|boite)\b[^.?!\n]{0,40}(?:\bes-tu|\bes tu|\betes[- ]vous|\btu es|\bvous etes|"
    r"\butilises?|"
    r"\brepond|\bt'a\b|\bvous a\b|\bai-je|\bparle)",
    rf"(?:qui|quelle \w+) (?:est-ce qui )?(?:t'a|t'ont|vous a|vous ont) (?:\w+ )?{MAKE}",
    r"\b(?:presente[- ]toi|presentez[- ]vous|decris[- ]toi|decrivez[- ]vous|parle[- ]moi de toi|"
    r"parlez[- ]moi de vous)",
    r"d'ou (?:viens[- ]tu|venez[- ]vous)", r"sur quel (?:modele|llm)",
    r"par qui (?:as[- ]tu|avez[- ]vous) ete",
    rf"(?:es[- ]tu|etes[- ]vous|tu es|vous etes|t'es)\b[^.?!\n]{{0,25}}\b{KNOWN}\b",
)  # fmt: skip
ENGLISH = (
    r"who (?:are|r) (?:you|u)\b", r"what are you\b(?= ?(?:$|[?!,.]|exactly|really|called|based|made))",
    r"what(?:'s| is| are) your (?:\w+ )?(?:name|model|version|maker|creator|developer|identity|"
    r"architecture|origin)",
    r"(?:tell|say|state|reveal|give|know)\b[^.?!\n]{0,30}\byour (?:\w+ )?(?:name|model|maker|creator|"
    r"developer|"
    r"identity)\b",
    r"(?:which|what) (?:\w+ ){0,3}(?:model|ai|llm|chatbot|assistant|version|company|"
    r"lab)\b[^.?!\n]{0,30}(?:\bare you|"
    r"\byou are|\bis this|\bam i|\b(?:made|created|trained|built|developed) you)",
    r"who (?:made|created|trained|built|developed|designed|programmed|owns) you\b",
    r"who(?:m)? am i (?:talking|speaking|chatting)", r"who is (?:answering|speaking|this)\b",
    r"\b(?:introduce|describe|identify) yourself\b", r"tell me about yourself",
    rf"are you\b[^.?!\n]{{0,25}}\b{KNOWN}\b",
    r"are you (?:made|built|created|trained|developed|based|powered|an? (?:\w+ )?model (?:by|from|of))",
    r"where (?:do|did) you come from",
)  # fmt: skip
ASKS = re.compile("|".join((*FRENCH, *ENGLISH)), re.IGNORECASE)


def asks_who_answers(question: str) -> bool:
    """Whether a question asks the model for its name, its maker or its version, in French or in English."""
    return bool(ASKS.search(bare_text(question)))
