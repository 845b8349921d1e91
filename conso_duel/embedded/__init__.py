"""The embedded default: everything `make run` starts on one machine, and ends with it."""
