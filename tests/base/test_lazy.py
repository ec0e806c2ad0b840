import copy
import dataclasses
import pickle

import pytest

from metaonc.base.lazy import later, worked_out_later


@worked_out_later("square")
@dataclasses.dataclass(frozen=True, slots=True)
class Number:
    value: int
    square: int


def counted():
    calls = []
    return calls, Number(3, later(lambda: calls.append(1) or 9))


def test_a_field_is_worked_out_once_when_it_is_read():
    calls, number = counted()
    assert not calls
    assert (number.square, number.square, len(calls)) == (9, 9, 1)


@pytest.mark.parametrize(
    "same", [copy.copy, lambda x: pickle.loads(pickle.dumps(x)), dataclasses.replace, dataclasses.asdict]
)
def test_copies_have_the_value_itself(same):
    number = same(counted()[1])
    assert (number if isinstance(number, dict) else dataclasses.asdict(number)) == {"value": 3, "square": 9}


def test_it_is_a_field_as_any_other():
    assert counted()[1] == Number(3, 9)
    assert repr(counted()[1]).endswith("Number(value=3, square=9)")
    with pytest.raises(dataclasses.FrozenInstanceError):
        counted()[1].square = 4


def test_what_fails_fails_where_it_is_read_and_again():
    def refuse():
        raise ValueError("no square")

    number = Number(3, later(refuse))
    for _ in range(2):
        with pytest.raises(ValueError, match="no square"):
            number.square  # noqa: B018
