"""A small pool of models that answer nothing by themselves."""

import pytest


@pytest.fixture
def models(db: None) -> None:
    from tests import cast  # this file is read before Django is ready

    cast.petit_3b(total_params_b=3.1357)
    cast.grand_70b(total_params_b=70.8642)
