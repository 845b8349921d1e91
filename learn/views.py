"""The pages of the lessons."""

from http import HTTPStatus
from random import SystemRandom

from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from duels.reveal.ratio_labels import method_label
from learn import beyond_answers, moe_drawing, nested_models, sizes, tokenizer_view
from learn import quiz as game
from learn import simulator as simulation
from learn.energy_equation import Equation
from learn.forms import AnswerForm, TokenizerForm
from learn.glossary import TERMS
from learn.method import accuracy_plot, error_tables, published_figures, references
from learn.method.formula import formula_steps
from learn.method.measured_load import load_example, long_answers
from learn.method.page import assumptions, compare_methods, method_cards
from learn.model_choices import ModelsBySlug, models_by_slug
from models_registry.pages.energy import USUAL_ANSWER_TOKENS
from models_registry.pages.labels import method_name
from science.energy import DEFAULT_METHOD, estimate, method_named
from web.text_search import normalize

COMPARED_METHODS = ("llama-3.1-405b", "glm-4.5")  # similar sizes, two architectures
DENSE_EXAMPLE = "llama-3.3-70b"
MIXTURES = ("mixtral-8x7b", "llama-4-scout", "deepseek-v3")
USAGE_MODEL = "deepseek-v3"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    models = models_by_slug()
    form = AnswerForm(models, request.GET)
    context = {"form": form, "equation": _equation(form, models), "load": load_example()}
    return render(request, "learn/index.html", context, status=_status(form))


@require_safe
def size(request: HttpRequest) -> HttpResponse:
    models = models_by_slug()
    form = AnswerForm(models, request.GET, default_model=sizes.SLIDES[1])
    answer = form.answer()
    slugs = dict.fromkeys((*sizes.LADDER, *(answer[:1] if answer else ())))
    shown = sorted(sizes.existing(models, slugs), key=lambda entry: entry.size_b)
    deck = sizes.existing(models, sizes.SLIDES)
    context = {
        "form": form,
        "squares": sizes.squares(shown),
        "loads": sizes.token_loads(shown),
        "tokens": answer[1] if answer else None,
        "graph": sizes.slide_graph(deck, answer[1]) if answer else None,
        "missing": sizes.missing_slugs(models, (*sizes.LADDER, *sizes.SLIDES)),
    }
    return render(request, "learn/size.html", context, status=_status(form))


@never_cache
@sensitive_post_parameters("text")
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The lesson on tokens: tokenizes a submitted text, which is neither stored nor logged.

    Nothing is tokenized before a submission: each process takes seconds to load its nine vocabularies, once.
    """
    models = models_by_slug()
    form = TokenizerForm(models, request.POST if request.method == "POST" else None)
    tokenized = form.tokenized(models)
    languages = tokenizer_view.compare_languages() if tokenized else ()
    context = {
        "form": form,
        "tokenized": tokenized,
        "languages": languages,
        "most_percent": languages[-1].more_percent if languages else None,
        "long": long_answers(),
        "samples": [tokenizer_view.EXAMPLES["fr"], tokenizer_view.EXAMPLES["en"]],
        "limit": tokenizer_view.MAX_TEXT_CHARACTERS,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "learn/tokens.html", context, status=status)


@require_safe
def architecture(request: HttpRequest) -> HttpResponse:
    models = models_by_slug()
    mixtures = sizes.existing(models, MIXTURES)
    drawings = [moe_drawing.draw_dense(entry) for entry in sizes.existing(models, [DENSE_EXAMPLE])]
    drawings += [moe_drawing.draw_mixture(entry) for entry in mixtures if entry.model.experts_total]
    compared = sizes.existing(models, (DENSE_EXAMPLE, *MIXTURES, nested_models.LARGE))
    usage_model = models.get(USAGE_MODEL)
    context = {
        "drawings": drawings,
        "tokens": moe_drawing.example_tokens(),
        "nested": nested_models.find_nested_models(models),
        "usage_model": usage_model,
        "batch_usages": moe_drawing.batch_usages(usage_model) if usage_model else [],
        "comparison": [moe_drawing.compare_model(entry) for entry in compared],
        "batches": moe_drawing.BATCHES,
        "answer_tokens": USUAL_ANSWER_TOKENS,
        "missing": sizes.missing_slugs(
            models, (DENSE_EXAMPLE, *MIXTURES, nested_models.SMALL, nested_models.LARGE)
        ),
    }
    return render(request, "learn/architecture.html", context)


@require_safe
def simulator(request: HttpRequest) -> HttpResponse:
    """Two configurations side by side; the form redirects to an address with all of their values."""
    models = models_by_slug()
    query = simulation.parse_query(request.GET, models)
    forms = simulation.build_forms(query, models)
    if forms.are_valid and query.by_form:
        return redirect(f"{request.path}?{query.query}")
    context = {
        "forms": forms,
        "result": simulation.simulate(forms, models) if forms.are_valid else None,
        "address": f"{request.path}?{query.query}",
        "json": f"{reverse('learn:simulator_json')}?{query.query}",
    }
    status = HTTPStatus.OK if forms.are_valid else HTTPStatus.BAD_REQUEST
    return render(request, "learn/simulator.html", context, status=status)


@require_safe
def simulator_json(request: HttpRequest) -> JsonResponse:
    """The exact figures of the same query."""
    models = models_by_slug()
    forms = simulation.build_forms(simulation.parse_query(request.GET, models), models)
    if not forms.are_valid:
        return JsonResponse({"errors": forms.errors}, status=HTTPStatus.BAD_REQUEST)
    return JsonResponse(simulation.simulation_json(simulation.simulate(forms, models)))


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    models = models_by_slug()
    form = AnswerForm(models, request.GET)
    example = _equation(form, models)
    compared = sizes.existing(models, COMPARED_METHODS)
    context = {
        "form": form,
        "example": example,
        "steps": formula_steps(example.estimate) if example else [],
        "cards": method_cards(),
        "numbers": error_tables.headline(),
        "tasks": error_tables.task_tables(),
        "methods": error_tables.method_lines(),
        "families": error_tables.family_lines(),
        "ratios": error_tables.ratio_lines(),
        "production": error_tables.production_figures(),
        "load": load_example(),
        "assumed": assumptions(),
        "plot": accuracy_plot.accuracy_plot(),
        "plot_names": [method_name(report.method.name) for report in accuracy_plot.plotted_reports()],
        "two_methods": compare_methods(*compared) if len(compared) == 2 else None,
        "others": references.REFERENCES,
        "mistral": references.mistral_comparison(),
        "versions": references.VERSIONS,
        "address": request.build_absolute_uri(request.path),
    }
    return render(request, "learn/method.html", context, status=_status(form))


@require_safe
def errors(request: HttpRequest) -> HttpResponse:
    """Our estimates beside what others publish."""
    models = models_by_slug()
    figures = published_figures.compare_figures(models)
    context = {
        "groups": published_figures.figure_groups(figures),
        "method": method_label(method_named(DEFAULT_METHOD)),
        "missing": sizes.missing_slugs(models, published_figures.named_models()),
    }
    return render(request, "learn/errors.html", context)


@require_safe
def training(request: HttpRequest) -> HttpResponse:
    """The page of what the total of an answer leaves out: training, water, manufacture."""
    models = models_by_slug()
    context = {
        "trainings": beyond_answers.TRAINING_FIGURES,
        "share": beyond_answers.training_share(models),
        "mistral_answers": beyond_answers.mistral_answers_billions(),
        "openai_water": beyond_answers.openai_water_ml(),
        "manufacture": beyond_answers.manufacture_share(models),
    }
    return render(request, "learn/training.html", context)


@require_safe
def quiz(request: HttpRequest) -> HttpResponse:
    """One question at a time; the seed and the choices so far are in the address."""
    seed = request.GET.get("draw", "")
    if not game.is_seed(seed):
        return redirect(f"{request.path}?draw={game.new_seed(SystemRandom())}")
    quiz_round = game.play_round(list(models_by_slug().values()), seed, request.GET.get("choices", ""))
    return render(request, "learn/quiz.html", {"round": quiz_round})


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    terms = sorted(TERMS, key=lambda term: normalize(str(term.name)))
    return render(request, "learn/glossary.html", {"terms": terms})


def _equation(form: AnswerForm, models: ModelsBySlug) -> Equation | None:
    answer = form.answer()
    if answer is None:
        return None
    entry = models[answer[0]]
    return Equation(entry.model.name, estimate(entry.shape, answer[1]))


def _status(form: Form) -> HTTPStatus:
    return HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
