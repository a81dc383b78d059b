"""How the kernels are compiled: which liberties the compiler may take, and which it may not."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

__all__ = ["bits_of", "compiled", "compiled_into_caller", "compiled_parallel", "float_of", "summed"]

Function = TypeVar("Function", bound=Callable[..., Any])

# Everything of fastmath but `reassoc`, `arcp` and `afn`: reassociation would delete the compensation of the depth
# update, approximate division would make the vector body and its remainder differ, and with it mirrored answers.
_LIBERTIES = {"nnan", "ninf", "nsz", "contract"}


def compiled(function: Function) -> Function:
    """Compile ``function`` for one thread."""
    decorate = numba.njit(fastmath=_LIBERTIES, error_model="numpy", cache=True, nogil=True)
    return cast("Function", decorate(function))


def compiled_into_caller(function: Function) -> Function:
    """Compile ``function`` into every caller: a call with many arrays costs as much as some hundred cells."""
    decorate = numba.njit(fastmath=_LIBERTIES, error_model="numpy", cache=True, nogil=True, forceinline=True)
    return cast("Function", decorate(function))


def compiled_parallel(function: Function) -> Function:
    """Compile ``function`` so that a literal ``numba.prange`` in it is spread over threads."""
    decorate = numba.njit(fastmath=_LIBERTIES, error_model="numpy", cache=True, nogil=True, parallel=True)
    return cast("Function", decorate(function))


@numba.njit(fastmath=True, cache=True)  # type: ignore[untyped-decorator]
def summed(total: float, value: float) -> float:
    """Add, in any order that suits the vector unit."""
    return total + value


def _cast_intrinsic(source: Any, target: Any, target_ir: Any) -> Any:
    def declare(_typing: Any, _value: Any) -> Any:
        def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            return builder.bitcast(arguments[0], target_ir)

        return target(source), generate

    return intrinsic(declare)


bits_of = _cast_intrinsic(types.float32, types.int32, ir.IntType(32))
"""Read the bits of a float32 as an int32."""

float_of = _cast_intrinsic(types.int32, types.float32, ir.FloatType())
"""Read the bits of an int32 as a float32."""
