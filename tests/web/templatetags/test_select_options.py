"""The options of a select: one is chosen, none can break out."""

from web.templatetags.select_options import select_options


def test_the_chosen_one_is_selected_and_labels_are_text() -> None:
    choices = [("", "Tous"), ("petit", "Moins de 3 <Md>"), ('">', "R&D")]
    assert select_options(choices, "petit") == (
        '<option value="">Tous</option>'
        '<option value="petit" selected>Moins de 3 &lt;Md&gt;</option>'
        '<option value="&quot;&gt;">R&amp;D</option>'
    )


def test_nothing_is_selected_where_nothing_fits() -> None:
    assert "selected" not in select_options([("a", "A")], "b")
    assert select_options([], "") == ""


def test_a_label_with_choices_is_a_group() -> None:
    choices = [("", "Aucun"), ("Fabrique & fils", [("petit", "Petit"), ("grand", "Grand")])]
    assert select_options(choices, "grand") == (
        '<option value="">Aucun</option><optgroup label="Fabrique &amp; fils">'
        '<option value="petit">Petit</option><option value="grand" selected>Grand</option></optgroup>'
    )
