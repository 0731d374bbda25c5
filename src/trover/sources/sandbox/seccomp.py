"""What a reader may not ask of the kernel: no network, no other process, no change to any file (Linux, no root needed).

A filter of system calls, set by the process on itself for good. A refused call fails with EPERM. It names what is
refused, not what is allowed: a reader in Python needs too many calls for a list that holds on every machine.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import signal
import struct
import sys
from dataclasses import dataclass

_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_FILTER = 2
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_CLONE_THREAD = 0x00010000
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

_REFUSED = """
socket 41 198; socketpair 53 199; connect 42 203; bind 49 200; listen 50 201; accept 43 202; accept4 288 242;
sendto 44 206; sendmsg 46 211; sendmmsg 307 269; fork 57 -; vfork 58 -; execve 59 221; execveat 322 281; kill 62
129; tkill 200 130; rt_sigqueueinfo 129 138; rt_tgsigqueueinfo 297 240; ptrace 101 117; process_vm_readv 310
270; process_vm_writev 311 271; pidfd_open 434 434; pidfd_send_signal 424 424; pidfd_getfd 438 438; creat 85 -;
unlink 87 -; unlinkat 263 35; rename 82 -; renameat 264 38; renameat2 316 276; mkdir 83 -; mkdirat 258 34; rmdir
84 -; link 86 -; linkat 265 37; symlink 88 -; symlinkat 266 36; mknod 133 -; mknodat 259 33; truncate 76 45;
ftruncate 77 46; fallocate 285 47; chmod 90 -; fchmod 91 52; fchmodat 268 53; chown 92 -; fchown 93 55; fchownat
260 54; lchown 94 -; setxattr 188 5; lsetxattr 189 6; fsetxattr 190 7; removexattr 197 14; utimensat 280 88;
mount 165 40; umount2 166 39; chroot 161 51; pivot_root 155 41; unshare 272 97; setns 308 268; bpf 321 280;
perf_event_open 298 241; userfaultfd 323 282; keyctl 250 219; add_key 248 217; request_key 249 218;
io_uring_setup 425 425; openat2 437 437; open_by_handle_at 304 265; memfd_create 319 279; shmget 29 194; msgget
68 186; semget 64 190; mq_open 240 180; prlimit64 302 261; setrlimit 160 164
"""
"""Each call with its number on x86_64 and on aarch64, which lacks some."""


@dataclass(frozen=True)
class _Machine:
    """An architecture: its number, its column of the table, and calls that are refused by what they ask."""

    number: int
    column: int
    opens: tuple[tuple[int, int], ...]
    """Calls that open a file, and which of their arguments says what for."""
    clone: int
    clone3: int
    tgkill: int
    highest: int = 0
    """Calls from here on belong to another way of calling the kernel, which the table does not cover."""


_MACHINES = {
    "x86_64": _Machine(0xC000003E, 1, ((2, 1), (257, 2)), 56, 435, 234, 0x40000000),
    "aarch64": _Machine(0xC00000B7, 2, ((56, 2),), 220, 435, 131),
}


def confine() -> bool:
    """Refuse this process, for good, what no reader needs. Returns whether the kernel agreed."""
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None:
        return False
    program = _program(machine)
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *instruction) for instruction in program))
    fprog = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(code)))
    return _prctl(_PR_SET_NO_NEW_PRIVS, 1) and _prctl(_PR_SET_SECCOMP, _FILTER, ctypes.addressof(fprog))


def die_with_parent() -> None:
    """End when the process that started this one ends (Linux)."""
    if sys.platform == "linux":
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _prctl(option: int, first: int, second: int = 0) -> bool:
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
    return bool(prctl(option, first, second, 0, 0) == 0)


def _program(machine: _Machine) -> list[tuple[int, int, int, int]]:
    """Instructions of the filter. A block falls through to the next with the number of the call loaded."""
    refuse = (_RETURN, 0, 0, _ERRNO | errno.EPERM)
    number = (_LOAD, 0, 0, _NUMBER)
    code = [(_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, machine.number), (_RETURN, 0, 0, _KILL), number]
    if machine.highest:
        code += [(_AT_LEAST, 0, 1, machine.highest), refuse]
    rows = [row.split() for row in _REFUSED.replace("\n", " ").split(";")]
    for call in [int(row[machine.column]) for row in rows if row[machine.column] != "-"]:
        code += [(_EQUAL, 0, 1, call), refuse]
    # What clone3 asks for no filter can see; libraries fall back on clone where it is missing.
    code += [(_EQUAL, 0, 1, machine.clone3), (_RETURN, 0, 0, _ERRNO | errno.ENOSYS)]
    # Threads belong to the process; anything else that clone makes is another one.
    code += [(_EQUAL, 0, 4, machine.clone), (_LOAD, 0, 0, _ARGUMENTS), (_ANY_BIT, 1, 0, _CLONE_THREAD), refuse, number]
    # A process may signal itself, as abort does.
    code += [(_EQUAL, 0, 4, machine.tgkill), (_LOAD, 0, 0, _ARGUMENTS), (_EQUAL, 1, 0, os.getpid()), refuse, number]
    for call, argument in machine.opens:
        flags = _ARGUMENTS + 8 * argument
        code += [(_EQUAL, 0, 4, call), (_LOAD, 0, 0, flags), (_ANY_BIT, 0, 1, _WRITES), refuse, number]
    return [*code, (_RETURN, 0, 0, _ALLOW)]
