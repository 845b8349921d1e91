"""Measure what an answer costs this computer: the time it worked, the energy where the machine tells it.

Linux tells the processor time of each process (/proc) and, to the administrator, the energy of the processor
(RAPL, /sys/class/powercap); NVIDIA's own package, where it is installed, tells that of its cards. Elsewhere
only the time passes.
"""

from backends.metering.meter import ComputerMeter, Reading

__all__ = ["ComputerMeter", "Reading"]
