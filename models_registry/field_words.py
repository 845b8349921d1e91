"""Labels, help and errors of the fields of the admin, for a curator who knows models and no code."""

from django.utils.translation import gettext_lazy as _

MODEL_LABELS = {
    "hypothesis_low_b": _("Taille supposée, au moins (milliards)"),
    "hypothesis_high_b": _("Taille supposée, au plus (milliards)"),
    "hypothesis_active_low_b": _("Paramètres actifs supposés, au moins (milliards)"),
    "hypothesis_active_high_b": _("Paramètres actifs supposés, au plus (milliards)"),
    "tokenizer_family": _("Façon de découper les textes"),
}
MODEL_HELP = {
    "name": _("Comme le public le connaît : « Mistral Small 3.2 »."),
    "slug": _("Son nom dans les adresses du site : minuscules, chiffres, points et tirets."),
    "status": _(
        "Brouillon : les visiteurs ne le voient pas. Activé : il joue. Archivé : il ne joue plus, et ses "
        "votes restent."
    ),
    "organisation": _("Qui publie le modèle."),
    "licence": _("Ce que l’éditeur permet d’en faire."),
    "release_date": _("Le jour où chacun a pu s’en servir."),
    "release_precision": _("Au mois près, le site ne montre que le mois."),
    "architecture": _(
        "Dense : tout le modèle travaille à chaque jeton. Mélange d’experts : une partie seulement. "
        "MatFormer : un petit modèle dans un grand, comme Gemma 3n. Non communiquée : l’éditeur "
        "n’en dit rien."
    ),
    "disclosed": _("Décochez si l’éditeur la tait : le site montre alors la fourchette que vous supposez."),
    "total_params_b": _("70 pour un modèle « 70B »."),
    "active_params_b": _("Ceux qui travaillent à chaque jeton : 3 pour un modèle « 30B-A3B »."),
    "effective_params_b": _("4 pour un modèle « E4B »."),
    "experts_total": _("128, par exemple. Vide si l’éditeur ne le dit pas."),
    "experts_active": _("Combien travaillent à chaque jeton : 8, par exemple."),
    "weight_bits": _(
        "La place d’un paramètre dans les fichiers de l’éditeur. Vide : 16 bits, comme souvent."
    ),
    "hypothesis_why_fr": _("Ce que lira le public : un prix, une vitesse, ce qu’en dit un article."),
    "reasoning": _("Il écrit sa réflexion, puis sa réponse."),
    "context_window_tokens": _("Ce qu’il peut lire et écrire en une fois : 128000, par exemple."),
    "tokenizer_family": _(
        "Le site compte avec elle les jetons qu’un serveur ne compte pas. Si vous ne savez pas, laissez "
        "« inconnue »."
    ),
    "description_fr": _("Une ou deux phrases pour le public : qui l’a fait, pour quoi."),
    "good_to_know_fr": _("Une limite ou une condition que le public doit connaître ; souvent vide."),
}
MODEL_ERRORS = {
    "name": {"required": _("Donnez son nom.")},
    "slug": {"required": _("Donnez son identifiant, comme « mistral-small-3.2 ».")},
    "organisation": {"required": _("Choisissez l’organisation qui le publie.")},
    "licence": {"required": _("Choisissez sa licence.")},
    "architecture": {
        "required": _("Choisissez son architecture : « Non communiquée » si l’éditeur n’en dit rien.")
    },
}
ENDPOINT_LABELS = {
    "kind": _("Langage du serveur"),
    "base_url": _("Adresse du serveur"),
    "api_key_env": _("Nom de la variable où est la clé"),
    "max_tokens": _("Longueur d’une réponse, au plus (jetons)"),
    "extra_body": _("Options propres à ce serveur (JSON)"),
    "priority": _("Rang"),
    "timeout_seconds": _("Attente du premier mot, au plus (secondes)"),
    "enabled": _("Le site peut lui poser des questions"),
}
ENDPOINT_HELP = {
    "kind": _("Presque tous les serveurs parlent celui d’OpenAI."),
    "base_url": _("Telle que la donne la documentation du serveur, par exemple http://127.0.0.1:11434/v1"),
    "provider_model": _("Lettre pour lettre, comme ce serveur l’écrit : « mistral-small-latest »."),
    "api_key_env": _(
        "Jamais la clé elle-même : le nom de la variable d’environnement où l’a mise la personne qui "
        "installe le site. Vide si le serveur ne demande pas de clé."
    ),
    "temperature": _(
        "De 0, des réponses presque toujours les mêmes, à 2, très variées. Vide : celle du serveur."
    ),
    "max_tokens": _("La réponse s’arrête là. 2048 jetons font à peu près trois pages."),
    "extra_body": _("Pour qui connaît ce serveur ; sinon, laissez {}."),
    "priority": _("Quand un modèle a plusieurs serveurs, le plus petit rang répond d’abord."),
    "timeout_seconds": _("Au-delà, le site essaie le serveur suivant."),
    "daily_cap_eur": _("Au-delà, ce serveur attend le lendemain. Vide : pas de plafond."),
}
SOURCE_LABELS = {
    "link": _("Adresse de la page"),
    "title": _("Titre de la page"),
    "read_on": _("Lue le"),
}
