"""The evaluation's tables as the method page shows them: errors by task and load, families, ratios."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from models_registry.pages.labels import method_name
from science.energy import DEFAULT_METHOD
from science.energy.evaluation import (
    SERVICE_LOADS,
    ErrorCell,
    Errors,
    Hosts,
    RatioCell,
    Task,
    deepseek_production,
    error_cell,
    error_table,
    families_left_out,
    ratio_cell,
    ratio_table,
)
from web.formatting import format_int, format_significant, percent

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class TableLine:
    """A row: what it is about, then one cell for each column; is_service marks the loads of a service."""

    label: str
    cells: list[str]
    is_service: bool = False


@dataclass(frozen=True, slots=True)
class TaskTable:
    """The errors on one task: a row for each load, then one for the loads of a service taken together."""

    task: Task
    title: str
    role: str
    lines: list[TableLine]


@dataclass(frozen=True, slots=True)
class Headline:
    """The tables' figures for chats, for the sentences of the page, and of the other tasks where it is worse.

    at_64, median, at_few, at_many: median errors at a load of 64, at the loads of a service, at `few` and at
    `many` conversations; within_2 and inside: shares at the loads of a service; reasoning_inside and
    code_inside: the same of the other tasks; least_inside: the smallest share of any load and task;
    chat_known, reasoning_known, code_known: shares inside the range of a server of known load, at the same.
    same_host, reasoning_same_host: ratios within a factor of 2 on one host; apart, apart_within_2, apart_95:
    on two hosts, the median error, the share within a factor of 2, and the factor that holds 95% of them.
    """

    at_64: str
    median: str
    within_2: str
    inside: str
    reasoning_inside: str
    code_inside: str
    least_inside: str
    chat_known: str
    reasoning_known: str
    code_known: str
    same_host: str
    reasoning_same_host: str
    apart: str
    apart_within_2: str
    apart_95: str
    few: str
    at_few: str
    many: str
    at_many: str


def task_title(task: Task) -> str:
    return {
        Task.CHAT: _("Conversation"),
        Task.REASONING: _("Raisonnement"),
        Task.CODE: _("Programmation"),
    }[task]


def task_tables(method: str = DEFAULT_METHOD) -> list[TaskTable]:
    """The errors of one method on every task."""
    cells = [cell for cell in error_table() if cell.method_name == method]
    return [_task_table(task, [cell for cell in cells if cell.task is task]) for task in Task]


def _task_table(task: Task, cells: Sequence[ErrorCell]) -> TaskTable:
    role = (
        _("les constantes sont réglées sur ces mesures")
        if task is Task.CHAT
        else _("jamais employé pour régler le calcul")
    )
    return TaskTable(task, task_title(task), role, [_error_line(cell) for cell in cells])


def _error_line(cell: ErrorCell) -> TableLine:
    return TableLine(
        load_label(cell.load),
        [
            format_int(cell.run_count),
            error(cell.unknown_load.median_factor),
            percent(cell.unknown_load.within_2_share),
            percent(cell.inside_share),
            _median(cell.load_within_2),
            _median(cell.known_load),
            _median(cell.left_out),
        ],
        is_service=cell.load == SERVICE_LOADS,
    )


def load_label(load: tuple[int, int]) -> str:
    low, high = (format_int(end) for end in load)
    return low if low == high else _("%(low)s à %(high)s") % {"low": low, "high": high}


def error(factor: float) -> str:
    """An error as a factor, whichever the direction, to two decimals."""
    return f"× {format_significant(factor, digits=3)}"


def _median(errors: Errors | None) -> str:
    return NOTHING if errors is None else error(errors.median_factor)


def method_lines() -> list[TableLine]:
    """Every method at the loads of a service, task by task: median error, within a factor of 2, in range."""
    return [
        TableLine(
            _("%(method)s, %(task)s")
            % {"method": method_name(cell.method_name), "task": task_title(cell.task).lower()},
            [
                error(cell.unknown_load.median_factor),
                percent(cell.unknown_load.within_2_share),
                percent(cell.inside_share),
            ],
        )
        for cell in error_table()
        if cell.load == SERVICE_LOADS
    ]


def family_lines() -> list[TableLine]:
    """Each family tried with constants found without it."""
    return [
        TableLine(
            left.family,
            [
                task_title(left.task),
                format_int(left.run_count),
                error(left.errors.median_factor),
                percent(left.errors.within_2_share),
            ],
        )
        for left in families_left_out()
    ]


def ratio_lines(method: str = DEFAULT_METHOD) -> list[TableLine]:
    """Ratios of two models by who made the answers, task by task."""
    return [_ratio_line(cell) for cell in ratio_table() if cell.method_name == method]


def _ratio_line(cell: RatioCell) -> TableLine:
    hosts = {
        Hosts.SAME: _("même carte, même charge"),
        Hosts.TWO_CLOUDS: _("deux services, charges inconnues"),
        Hosts.TWO_SERVERS: _("deux serveurs, charges connues"),
    }[cell.hosts]
    order = NOTHING if cell.right_order_share is None else percent(cell.right_order_share)
    return TableLine(
        _("%(task)s : %(hosts)s") % {"task": task_title(cell.task), "hosts": hosts},
        [
            format_int(cell.pair_count),
            error(cell.median_factor),
            percent(cell.within_2_share),
            error(cell.factor_95),
            percent(cell.inside_share),
            order,
        ],
    )


def headline(method: str = DEFAULT_METHOD) -> Headline:
    """The numbers of the page's sentences, all of chats."""
    at_supposed_load, service = (error_cell(method, Task.CHAT, load) for load in ((64, 64), SERVICE_LOADS))
    few, many = (error_cell(method, Task.CHAT, load) for load in ((8, 8), (1024, 1024)))
    reasoning, code = (error_cell(method, task, SERVICE_LOADS) for task in (Task.REASONING, Task.CODE))
    same, reasoning_same = (ratio_cell(method, task, Hosts.SAME) for task in (Task.CHAT, Task.REASONING))
    hosts_apart = ratio_cell(method, Task.CHAT, Hosts.TWO_CLOUDS)
    return Headline(
        at_64=error(at_supposed_load.unknown_load.median_factor),
        median=error(service.unknown_load.median_factor),
        within_2=percent(service.unknown_load.within_2_share),
        inside=percent(service.inside_share),
        reasoning_inside=percent(reasoning.inside_share),
        code_inside=percent(code.inside_share),
        least_inside=percent(min(cell.inside_share for cell in error_table() if cell.method_name == method)),
        chat_known=_inside_known(service),
        reasoning_known=_inside_known(reasoning),
        code_known=_inside_known(code),
        same_host=percent(same.within_2_share),
        reasoning_same_host=percent(reasoning_same.within_2_share),
        apart=error(hosts_apart.median_factor),
        apart_within_2=percent(hosts_apart.within_2_share),
        apart_95=error(hosts_apart.factor_95),
        few=load_label(few.load),
        at_few=error(few.unknown_load.median_factor),
        many=load_label(many.load),
        at_many=error(many.unknown_load.median_factor),
    )


def _inside_known(cell: ErrorCell) -> str:
    return NOTHING if cell.known_inside_share is None else percent(cell.known_inside_share)


@dataclass(frozen=True, slots=True)
class ProductionFigures:
    """Wh of 1,000 tokens of a very large service: published, ours at an unknown load, ours at its load."""

    published: str
    unknown_load: str
    known_load: str


def production_figures() -> ProductionFigures:
    found = deepseek_production()
    return ProductionFigures(
        format_significant(found.published_wh.mid),
        format_significant(found.in_a_cloud.mid_wh),
        format_significant(found.at_its_load.mid_wh),
    )
