"""One integration on the two factories: what is wanted, what is found, how far it has come, what is to be edited.

Plain data and pure questions about it: no path, disk, network or clock. The lowest room: it may
import grammar/, `errors` and `terminal` only.
"""
