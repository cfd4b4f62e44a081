"""Files on this machine: read, staged, switched and removed by the descriptor of their folder, and made durable.

Knows no run and no journal; speaks in OSError.
"""
