"""How kernels are compiled: once each, kept between runs, no lock held, no shortcut in arithmetic.

The signature of a kernel is what its annotations say, so that none is compiled a second time for other
types: `int` is a signed and `Word` an unsigned 64-bit integer, the names of tables are those of `TYPES`.
"""

from __future__ import annotations

import hashlib
import os
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C", bound=type)

HERE = Path(__file__).parent

_config: Any = numba.config
_njit: Any = numba.njit
_tuple_of: Any = types.BaseTuple.from_types

Table = npt.NDArray[np.int64]
Vector = npt.NDArray[np.int64]
Cube = npt.NDArray[np.int64]
Amounts = npt.NDArray[np.int64]
Starts = npt.NDArray[np.int64]
Accounts = npt.NDArray[np.int32]

TYPES: dict[str, Any] = {
    "int": types.int64,
    "Word": types.uint64,
    "bool": types.boolean,
    "None": types.void,
    "Vector": types.Array(types.int64, 1, "C"),
    "Table": types.Array(types.int64, 2, "C"),
    "Cube": types.Array(types.int64, 3, "C"),
    "Starts": types.Array(types.int64, 1, "C", readonly=True),
    "Amounts": types.Array(types.int64, 2, "C", readonly=True),
    "Accounts": types.Array(types.int32, 1, "C", readonly=True),
}


def _cache_folder() -> str:
    """A folder of its own for each state of these sources: Numba looks at one file only, kernels call across files."""
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in sorted(HERE.glob("*.py"))))
    return str(HERE / "__pycache__" / digest.hexdigest()[:16])


if not os.environ.get("NUMBA_CACHE_DIR") and os.access(HERE, os.W_OK):
    _config.CACHE_DIR = _cache_folder()


def record(cls: C) -> C:
    """A named tuple of tables that kernels may take."""
    annotations = typing.cast(Any, cls).__annotations__.values()
    members = [TYPES[getattr(annotation, "__forward_arg__", annotation)] for annotation in annotations]
    TYPES[cls.__name__] = _tuple_of(members, cls)
    return cls


def jit(function: F) -> F:
    """Compile `function` for kernels to call; integers wrap at 64 bits as in C."""
    return _compiled(function, no_cpython_wrapper=True)


def part(function: F) -> F:
    """Compile `function` as a part of each kernel that calls it: a call would copy what describes every table."""
    return _compiled(function, no_cpython_wrapper=True, forceinline=True)


def kernel(function: F) -> F:
    """Compile `function` for Python to call."""
    return _compiled(function)


def _compiled(function: F, **options: bool) -> F:
    signature = [_type(annotation) for annotation in function.__annotations__.values()]
    made: F = _njit(
        signature[-1](*signature[:-1]),
        cache=True,
        nogil=True,
        fastmath=False,
        error_model="numpy",
        no_cfunc_wrapper=True,
        **options,
    )(function)
    return made


def _type(annotation: str) -> Any:
    if annotation.startswith("tuple["):
        return _tuple_of([TYPES[name] for name in annotation[6:-1].split(", ")])
    return TYPES[annotation]


def _bare(typing_context: Any, array: Any) -> Any:
    """The array without its owner, so that passing it on counts no references; the caller keeps it alive."""

    def made(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        view = context.make_array(signature.args[0])(context, builder, arguments[0])
        view.meminfo = ir.Constant(view.meminfo.type, None)
        view.parent = ir.Constant(view.parent.type, None)
        return view._getvalue()

    return array(array), made


bare: Any = intrinsic(_bare)
"""Kernels pass tables on without counting references to them."""


def _prefetch(typing_context: Any, table: Any, row: Any) -> Any:
    """Have the processor load a row of a table before it is needed; changes nothing."""

    def made(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        view = context.make_array(signature.args[0])(context, builder, arguments[0])
        byte = ir.IntType(8).as_pointer()
        offset = builder.mul(arguments[1], builder.extract_value(view.strides, 0))
        place = builder.gep(builder.bitcast(view.data, byte), [offset])
        word = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, word, word, word])
        load = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
        builder.call(load, [place, word(1), word(3), word(1)])
        return context.get_dummy_value()

    return types.void(table, types.int64), made


prefetch: Any = intrinsic(_prefetch)
"""`prefetch(table, row)`: random rows of large tables cost more than what is done with them."""
