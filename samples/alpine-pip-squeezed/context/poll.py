"""Asks the C library for its page size, once a minute."""

import time

import cffi

ffi = cffi.FFI()
ffi.cdef("int getpagesize(void);")
while True:
    print(ffi.dlopen(None).getpagesize(), flush=True)
    time.sleep(60)
