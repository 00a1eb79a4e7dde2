"""Runs a command, and writes the processor time of all processes that it started into a file: processor-time.py <file> <command> [argument ...]"""

import ctypes
import os
import resource
import subprocess
import sys

PR_SET_CHILD_SUBREAPER = 36
# Java ends without waiting for jsii's Node.js. Such a process becomes one of this one, which waits for it.
if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
    sys.exit("the processor time of all processes can be measured on Linux only")
status = subprocess.call(sys.argv[2:])
try:
    while True:
        os.wait()
except ChildProcessError:
    pass
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as file:
    file.write(str(used.ru_utime + used.ru_stime))
sys.exit(status)
