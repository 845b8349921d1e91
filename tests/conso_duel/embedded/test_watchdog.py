from conso_duel.embedded.watchdog import guarded_groups


def test_a_group_is_guarded_until_it_is_let_go() -> None:
    assert guarded_groups(["+10\n", "+11\n", "-10\n", "+12\n"]) == {11, 12}


def test_letting_go_of_a_stranger_changes_nothing() -> None:
    assert guarded_groups(["+10\n", "-99\n"]) == {10}
