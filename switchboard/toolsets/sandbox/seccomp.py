"""The system calls that code in a container may not make, as a filter for the kernel.

A container of namespaces and limits leaves ways past them: memory that no limit counts (memfd, System V), sockets that belong
to no network (vsock, netlink), namespaces in namespaces, and calls in which the kernel has often been wrong. What is listed
here is refused with EPERM; all else is as it was.
"""

import platform
import struct

EPERM, ENOSYS = 1, 38
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, ERRNO, KILL = 0x7FFF0000, 0x00050000, 0x80000000
NUMBER, ARCH, FIRST_ARGUMENT, THIRD_ARGUMENT = 0, 4, 16, 32
"""Where they stand in what the kernel gives to a filter (seccomp_data)."""
X32 = 0x40000000
NEW_NAMESPACES = 0x7E020000
"""CLONE_NEW*: user, pid, net, ipc, uts, cgroup and ns; a new time namespace only unshare and clone3 can make."""
UNIX = 1
ARCHES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
REFUSED = {
    # by the kernel's arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h
    "x86_64": {
        "shm, msg, sem, mq": (29, 30, 31, 64, 65, 66, 68, 69, 70, 71, 240),
        "ptrace, process_vm_*, kcmp, pidfd_getfd": (101, 310, 311, 312, 438),
        "syslog, acct, swap*, reboot, sethostname, quotactl": (103, 163, 167, 168, 169, 170, 171, 179, 443),
        "modules, kexec": (175, 176, 246, 313, 320),
        "mount, umount2, pivot_root, chroot, new mounts": (155, 161, 165, 166, 428, 429, 430, 431, 432, 433, 442),
        "unshare, setns": (272, 308),
        "keys": (248, 249, 250),
        "personality, bpf, perf_event_open, userfaultfd": (135, 321, 298, 323),
        "file handles, fanotify": (303, 304, 300),
        "io_uring": (425, 426, 427),
        "memfd_create, memfd_secret": (319, 447),
    },
    "aarch64": {
        "shm, msg, sem, mq": (180, 186, 187, 188, 189, 190, 191, 192, 193, 194, 195, 196, 197),
        "ptrace, process_vm_*, kcmp, pidfd_getfd": (117, 270, 271, 272, 438),
        "syslog, acct, swap*, reboot, sethostname, quotactl": (116, 89, 224, 225, 142, 161, 162, 60, 443),
        "modules, kexec": (105, 106, 273, 104, 294),
        "mount, umount2, pivot_root, chroot, new mounts": (40, 39, 41, 51, 428, 429, 430, 431, 432, 433, 442),
        "unshare, setns": (97, 268),
        "keys": (217, 218, 219),
        "personality, bpf, perf_event_open, userfaultfd": (92, 280, 241, 282),
        "file handles, fanotify": (264, 265, 262),
        "io_uring": (425, 426, 427),
        "memfd_create, memfd_secret": (279, 447),
    },
}
CLONE = {"x86_64": 56, "aarch64": 220}
CLONE3 = 435
SOCKET = {"x86_64": 41, "aarch64": 198}
SETSOCKOPT = {"x86_64": 54, "aarch64": 208}
BUFFERS = (7, 8, 32, 33)
"""SO_SNDBUF, SO_RCVBUF, and both without a limit: what lies in sockets is memory of the kernel, which nothing counts here."""


def filter_program() -> bytes | None:
    """The filter as the kernel takes it (classic BPF); None for a machine whose numbers of calls are not listed."""
    machine = platform.machine()
    if machine not in ARCHES:
        return None
    numbers = sorted({number for group in REFUSED[machine].values() for number in group})
    lines = [  # code, how many lines to skip where it holds, and where not, and a value
        (LOAD, 0, 0, ARCH),
        (EQUAL, 1, 0, ARCHES[machine]),
        (RETURN, 0, 0, KILL),  # calls of another kind, such as those of 32 bits, have other numbers
        (LOAD, 0, 0, NUMBER),
        (AT_LEAST, 0, 1, X32),
        (RETURN, 0, 0, ERRNO | ENOSYS),
        (EQUAL, 0, 1, CLONE3),
        (RETURN, 0, 0, ERRNO | ENOSYS),  # its flags cannot be seen here; then the C library uses clone
    ]
    for number in numbers:
        lines += [(EQUAL, 0, 1, number), (RETURN, 0, 0, ERRNO | EPERM)]
    lines += [
        (EQUAL, 0, 4, CLONE[machine]),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (ANY_BIT, 0, 1, NEW_NAMESPACES),
        (RETURN, 0, 0, ERRNO | EPERM),
        (RETURN, 0, 0, ALLOW),
        (EQUAL, 0, 2 + 2 * len(BUFFERS), SETSOCKOPT[machine]),
        (LOAD, 0, 0, THIRD_ARGUMENT),
        *(line for which in BUFFERS for line in ((EQUAL, 0, 1, which), (RETURN, 0, 0, ERRNO | EPERM))),
        (RETURN, 0, 0, ALLOW),
        (EQUAL, 0, 2, SOCKET[machine]),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (EQUAL, 0, 1, UNIX),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, ERRNO | EPERM),
    ]
    return b"".join(struct.pack("=HBBI", *line) for line in lines)
