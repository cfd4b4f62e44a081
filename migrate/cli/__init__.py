"""The command `slingshift`: one module a verb, imported only when that verb is asked for.

The only room that prints, asks, and decides on exit codes (`exits`) and processes.
"""
