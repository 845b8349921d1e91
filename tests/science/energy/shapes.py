"""A small cast of shapes, and the strategies that draw others."""

from hypothesis import strategies as st

from science.energy import Architecture, ModelShape

LLAMA_70B = ModelShape(Architecture.DENSE, 70.6, 70.6, 16)
MIXTRAL = ModelShape(Architecture.MIXTURE_OF_EXPERTS, 46.7, 12.9, 16)
GEMMA_E2B = ModelShape(Architecture.MATFORMER, 5.0, effective_params_b=2.0)
SECRET = ModelShape(
    Architecture.UNDISCLOSED, None, total_range_b=(200.0, 1800.0), active_range_b=(40.0, 280.0)
)

sizes_b = st.floats(min_value=0.1, max_value=3000)
shares = st.floats(min_value=0.01, max_value=1)
precisions = st.sampled_from([4, 8, 16])
token_counts = st.integers(min_value=1, max_value=100_000)


@st.composite
def dense_shapes(draw: st.DrawFn) -> ModelShape:
    return ModelShape(Architecture.DENSE, draw(sizes_b), weight_bits=draw(precisions))


@st.composite
def mixtures(draw: st.DrawFn) -> ModelShape:
    total_b = draw(sizes_b)
    return ModelShape(Architecture.MIXTURE_OF_EXPERTS, total_b, total_b * draw(shares), draw(precisions))


@st.composite
def secret_shapes(draw: st.DrawFn) -> ModelShape:
    totals_b = sorted((draw(sizes_b), draw(sizes_b)))
    share = draw(shares)
    return ModelShape(
        Architecture.UNDISCLOSED,
        None,
        weight_bits=draw(precisions),
        total_range_b=(totals_b[0], totals_b[1]),
        active_range_b=(totals_b[0] * share, totals_b[1] * share),
    )


any_shape = dense_shapes() | mixtures() | secret_shapes()
