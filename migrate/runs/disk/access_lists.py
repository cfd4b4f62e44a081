"""Who may do what with a file of Windows: its discretionary access list, as text (SDDL).

A file that takes another one's place gets the access list of its folder, so that a list of its own would be lost, and
a secret be open to whoever may read the folder. https://learn.microsoft.com/windows/win32/secauthz/
"""

from __future__ import annotations

import re
import sys

if sys.platform != "win32":
    raise ImportError("only Windows has access lists of this kind")
import ctypes
from ctypes import byref, c_int, c_void_p, c_wchar_p
from ctypes.wintypes import BOOL, DWORD

PRIVATE_FOLDER = "D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;OW)"
"""The system, the administrators and the owner, nobody else; inherited by what is made inside."""

_FILE = 1
_DACL, _PROTECTED, _UNPROTECTED = 0x4, 0x80000000, 0x20000000
_SDDL_REVISION = 1
_LIST = re.compile(r"D:([A-Z]*)")
_ENTRY = re.compile(r"\(([^;]*);([^;]*);")

_advapi32 = ctypes.WinDLL("advapi32", use_last_error=True)
_kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
_get = _advapi32.GetNamedSecurityInfoW
_get.argtypes = [c_wchar_p, c_int, DWORD, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p]
_get.restype = DWORD
_set = _advapi32.SetNamedSecurityInfoW
_set.argtypes = [c_wchar_p, c_int, DWORD, c_void_p, c_void_p, c_void_p, c_void_p]
_set.restype = DWORD
_to_text = _advapi32.ConvertSecurityDescriptorToStringSecurityDescriptorW
_to_text.argtypes = [c_void_p, DWORD, DWORD, c_void_p, c_void_p]
_to_text.restype = BOOL
_of_text = _advapi32.ConvertStringSecurityDescriptorToSecurityDescriptorW
_of_text.argtypes = [c_wchar_p, DWORD, c_void_p, c_void_p]
_of_text.restype = BOOL
_list_of = _advapi32.GetSecurityDescriptorDacl
_list_of.argtypes = [c_void_p, c_void_p, c_void_p, c_void_p]
_list_of.restype = BOOL
_free = _kernel32.LocalFree
_free.argtypes = [c_void_p]
_free.restype = c_void_p


def read(path: str) -> str:
    """The access list of a file or folder.

    Raises:
        OSError: it cannot be read.
    """
    descriptor, text = c_void_p(), c_void_p()
    code = _get(path, _FILE, _DACL, None, None, None, None, byref(descriptor))
    if code:
        raise ctypes.WinError(code)
    try:
        if not _to_text(descriptor, _SDDL_REVISION, _DACL, byref(text), None):
            raise ctypes.WinError(ctypes.get_last_error())
        try:
            return ctypes.wstring_at(text.value or 0)
        finally:
            _free(text)
    finally:
        _free(descriptor)


def write(path: str, sddl: str) -> None:
    """Give a file or folder an access list; what it inherits from its folder is added unless the list is protected.

    Raises:
        OSError: no such right, or a file system without access lists.
    """
    descriptor, found = c_void_p(), c_void_p()
    present, defaulted = BOOL(), BOOL()
    if not _of_text(sddl, _SDDL_REVISION, byref(descriptor), None):
        raise ctypes.WinError(ctypes.get_last_error())
    try:
        if not _list_of(descriptor, byref(present), byref(found), byref(defaulted)):
            raise ctypes.WinError(ctypes.get_last_error())
        protection = _PROTECTED if "P" in _flags(sddl) else _UNPROTECTED
        code = _set(path, _FILE, _DACL | protection, None, None, found, None)
        if code:
            raise ctypes.WinError(code)
    finally:
        _free(descriptor)


def is_own(sddl: str) -> bool:
    """Whether an access list says anything that its folder's does not: it is protected, or has entries of its own."""
    return "P" in _flags(sddl) or any("ID" not in flags for _, flags in _ENTRY.findall(sddl))


def _flags(sddl: str) -> str:
    found = _LIST.match(sddl)
    # AR and AI are about inheritance; P alone is the protection.
    return found[1].replace("AR", "").replace("AI", "") if found else ""
